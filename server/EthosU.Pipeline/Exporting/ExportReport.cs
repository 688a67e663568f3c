using System.Collections.Immutable;

namespace EthosU.Pipeline.Exporting;

/// <summary>What an export wrote.</summary>
/// <param name="HeaderPath">The header, with the operator resolver and the size of the arena.</param>
/// <param name="SourcePath">The source file, with the model's bytes.</param>
/// <param name="ModelBytes">Bytes of the model.</param>
/// <param name="ArenaBytes">Bytes of the arena that the header proposes.</param>
/// <param name="Operators">Functions of TensorFlow Lite Micro's resolver that the model needs.</param>
/// <param name="MissingOperators">Operators for which TensorFlow Lite Micro has no kernel.</param>
public sealed record ExportReport(
    string HeaderPath, string SourcePath, long ModelBytes, long ArenaBytes, ImmutableArray<string> Operators,
    ImmutableArray<string> MissingOperators);

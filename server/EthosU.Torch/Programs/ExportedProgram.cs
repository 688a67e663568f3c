using System.Collections.Immutable;

namespace EthosU.Torch.Programs;

/// <summary>A program written by <c>torch.export.save</c>, as it stands in the file.</summary>
internal sealed record ExportedProgram
{
    /// <summary>The version of torch that wrote it; empty where the file does not say.</summary>
    public required string TorchVersion { get; init; }

    /// <summary>Its graph.</summary>
    public required ProgramGraph Graph { get; init; }

    /// <summary>What each input of the graph is, in their order.</summary>
    public required ImmutableArray<ProgramInput> Inputs { get; init; }

    /// <summary>What each output of the graph is, in their order.</summary>
    public required ImmutableArray<ProgramOutput> Outputs { get; init; }

    /// <summary>Bounds of the free sizes, by symbol; expressions as keys are left out.</summary>
    public required IReadOnlyDictionary<string, SymbolRange> Ranges { get; init; }

    /// <summary>Parameters, buffers and constants by their names in the module.</summary>
    public required IReadOnlyDictionary<string, StoredTensor> Values { get; init; }
}

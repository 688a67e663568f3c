using System.Collections.Immutable;

namespace EthosU.Graphs;

/// <summary>
/// A builtin operator that this library only names: it can be listed and left to the processor as it is, but neither run nor compiled. Its
/// outputs' shapes are known only from the file.
/// </summary>
/// <param name="Number">TensorFlow Lite's number.</param>
public sealed record OtherBuiltin(BuiltinCode Number) : Operator
{
    /// <inheritdoc/>
    public override BuiltinCode Code => Number;

    /// <summary>The version that the file asks for.</summary>
    public int Version { get; init; } = 1;

    /// <summary>Which table of options it has in the file; 0 for none.</summary>
    public int OptionsKind { get; init; }

    /// <summary>The numbers in that table, by field: as many bytes as each may take, little-endian.</summary>
    public ImmutableArray<(int Field, int Bytes, long Value)> OptionFields { get; init; } = [];

    /// <summary>True if it has options that cannot be copied: lists or texts, or of a kind newer than this library.</summary>
    public bool HasForeignOptions { get; init; }
}

using System.Collections.Immutable;

namespace EthosU.Graphs;

/// <summary>Drops axes of size 1.</summary>
/// <param name="Axes">Which; all of size 1 if empty.</param>
public sealed record Squeeze(ImmutableArray<int> Axes) : Operator
{
    /// <inheritdoc/>
    public override BuiltinCode Code => BuiltinCode.Squeeze;
}

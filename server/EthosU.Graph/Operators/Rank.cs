namespace EthosU.Graphs;

/// <summary>The number of axes, a scalar.</summary>
public sealed record Rank : Operator
{
    /// <inheritdoc/>
    public override BuiltinCode Code => BuiltinCode.Rank;
}

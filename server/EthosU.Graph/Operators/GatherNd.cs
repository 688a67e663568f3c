namespace EthosU.Graphs;

/// <summary>Elements or slices at the index tuples [..., k] of input 1.</summary>
public sealed record GatherNd : Operator
{
    /// <inheritdoc/>
    public override BuiltinCode Code => BuiltinCode.GatherNd;
}

namespace EthosU.Graphs;

/// <summary>The common shape of two shape vectors.</summary>
public sealed record BroadcastArgs : Operator
{
    /// <inheritdoc/>
    public override BuiltinCode Code => BuiltinCode.BroadcastArgs;
}

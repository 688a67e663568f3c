namespace EthosU.Graphs;

/// <summary>The k largest of the last axis, with their indices. Input 1: k (scalar).</summary>
public sealed record TopK : Operator
{
    /// <inheritdoc/>
    public override BuiltinCode Code => BuiltinCode.TopkV2;
}

namespace EthosU.Graphs;

/// <summary>Inserts an axis of size 1 at the position given by input 1.</summary>
public sealed record ExpandDims : Operator
{
    /// <inheritdoc/>
    public override BuiltinCode Code => BuiltinCode.ExpandDims;
}

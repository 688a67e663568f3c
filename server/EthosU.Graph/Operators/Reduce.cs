namespace EthosU.Graphs;

/// <summary>A reduction over the axes of input 1 (int32 [k] or scalar).</summary>
/// <param name="Kind">Which.</param>
/// <param name="KeepDims">Reduced axes stay with size 1.</param>
public sealed record Reduce(ReduceKind Kind, bool KeepDims) : Operator
{
    /// <inheritdoc/>
    public override BuiltinCode Code => (BuiltinCode)Kind;
}

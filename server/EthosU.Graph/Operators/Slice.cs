namespace EthosU.Graphs;

/// <summary>A box out of a tensor. Inputs: x, begin [rank], size [rank] (−1: to the end).</summary>
public sealed record Slice : Operator
{
    /// <inheritdoc/>
    public override BuiltinCode Code => BuiltinCode.Slice;
}

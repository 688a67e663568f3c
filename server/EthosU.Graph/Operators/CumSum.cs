namespace EthosU.Graphs;

/// <summary>Running sum along the axis of input 1.</summary>
/// <param name="Exclusive">An element is not part of its own sum.</param>
/// <param name="Reverse">From the end.</param>
public sealed record CumSum(bool Exclusive = false, bool Reverse = false) : Operator
{
    /// <inheritdoc/>
    public override BuiltinCode Code => BuiltinCode.Cumsum;
}

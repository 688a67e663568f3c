namespace EthosU.Graphs;

/// <summary>An element-wise comparison with NumPy broadcasting; the result is bool.</summary>
/// <param name="Kind">Which.</param>
public sealed record Compare(CompareKind Kind) : Operator
{
    /// <inheritdoc/>
    public override BuiltinCode Code => (BuiltinCode)Kind;
}

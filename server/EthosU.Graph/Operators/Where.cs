namespace EthosU.Graphs;

/// <summary>Index tuples of the true elements.</summary>
public sealed record Where : Operator
{
    /// <inheritdoc/>
    public override BuiltinCode Code => BuiltinCode.Where;
}

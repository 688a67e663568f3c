namespace EthosU.Graphs;

/// <summary>An operator of one operand without options whose result has the operand's shape.</summary>
/// <param name="Kind">Which.</param>
public sealed record Unary(UnaryKind Kind) : Operator
{
    /// <inheritdoc/>
    public override BuiltinCode Code => (BuiltinCode)Kind;
}

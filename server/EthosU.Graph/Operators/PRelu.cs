namespace EthosU.Graphs;

/// <summary>x for x ≥ 0, alpha × x below; alpha is input 1, broadcast from the right.</summary>
public sealed record PRelu : Operator
{
    /// <inheritdoc/>
    public override BuiltinCode Code => BuiltinCode.Prelu;
}

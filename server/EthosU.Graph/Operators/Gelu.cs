namespace EthosU.Graphs;

/// <summary>Gaussian error linear unit.</summary>
/// <param name="Approximate">By tanh instead of erf.</param>
public sealed record Gelu(bool Approximate = false) : Operator
{
    /// <inheritdoc/>
    public override BuiltinCode Code => BuiltinCode.Gelu;
}

namespace EthosU.Graphs;

/// <summary>Rank-decomposed filter over time. Inputs: x, feature weights, time weights, bias, state.</summary>
/// <param name="Rank">Filters per unit.</param>
/// <param name="Activation">Clamp of the result.</param>
/// <param name="AsymmetricQuantizeInputs">Hybrid kernels only.</param>
public sealed record Svdf(int Rank, FusedActivation Activation = FusedActivation.None, bool AsymmetricQuantizeInputs = false) : Operator
{
    /// <inheritdoc/>
    public override FusedActivation Activation { get; init; } = Activation;

    /// <inheritdoc/>
    public override BuiltinCode Code => BuiltinCode.Svdf;
}

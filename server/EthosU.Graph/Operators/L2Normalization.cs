namespace EthosU.Graphs;

/// <summary>Divides by the L2 norm over the last axis.</summary>
/// <param name="Activation">Clamp of the result.</param>
public sealed record L2Normalization(FusedActivation Activation = FusedActivation.None) : Operator
{
    /// <inheritdoc/>
    public override FusedActivation Activation { get; init; } = Activation;

    /// <inheritdoc/>
    public override BuiltinCode Code => BuiltinCode.L2Normalization;
}

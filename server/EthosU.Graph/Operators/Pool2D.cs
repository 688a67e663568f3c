namespace EthosU.Graphs;

/// <summary>Pooling of [N, H, W, C] over windows.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Padding">Border handling.</param>
/// <param name="StrideHeight">Step between windows along height.</param>
/// <param name="StrideWidth">Step between windows along width.</param>
/// <param name="FilterHeight">Window height.</param>
/// <param name="FilterWidth">Window width.</param>
/// <param name="Activation">Clamp of the result.</param>
public sealed record Pool2D(PoolKind Kind, Padding Padding, int StrideHeight, int StrideWidth, int FilterHeight, int FilterWidth,
    FusedActivation Activation = FusedActivation.None) : Operator
{
    /// <inheritdoc/>
    public override FusedActivation Activation { get; init; } = Activation;

    /// <inheritdoc/>
    public override BuiltinCode Code => (BuiltinCode)Kind;
}

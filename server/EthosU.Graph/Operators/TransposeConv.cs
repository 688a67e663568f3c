namespace EthosU.Graphs;

/// <summary>Transposed convolution; inputs: output shape [4], filter [Co, Kh, Kw, Ci], x [N, H, W, Ci], optional bias [Co].</summary>
/// <param name="Padding">Border handling.</param>
/// <param name="StrideHeight">Step between windows along height.</param>
/// <param name="StrideWidth">Step between windows along width.</param>
/// <param name="Activation">Clamp of the result.</param>
/// <param name="QuantizedBiasType">16x8 only: type of bias and accumulator, null if not fixed.</param>
public sealed record TransposeConv(Padding Padding, int StrideHeight, int StrideWidth, FusedActivation Activation = FusedActivation.None,
    ElementType? QuantizedBiasType = null) : Operator
{
    /// <inheritdoc/>
    public override FusedActivation Activation { get; init; } = Activation;

    /// <inheritdoc/>
    public override BuiltinCode Code => BuiltinCode.TransposeConv;
}

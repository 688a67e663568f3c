namespace EthosU.Graphs;

/// <summary>
/// Convolution of [N, H, W, Ci] with a filter [Co, Kh, Kw, Ci/groups] and an optional bias [Co]. Grouped where the filter has fewer input
/// channels.
/// </summary>
/// <param name="Padding">Border handling.</param>
/// <param name="StrideHeight">Step between windows along height.</param>
/// <param name="StrideWidth">Step between windows along width.</param>
/// <param name="DilationHeight">Distance of filter taps along height.</param>
/// <param name="DilationWidth">Distance of filter taps along width.</param>
/// <param name="Activation">Clamp of the result.</param>
/// <param name="QuantizedBiasType">16x8 only: type of bias and accumulator, null if not fixed.</param>
public sealed record Conv2D(Padding Padding, int StrideHeight, int StrideWidth, int DilationHeight = 1, int DilationWidth = 1,
    FusedActivation Activation = FusedActivation.None, ElementType? QuantizedBiasType = null) : Operator
{
    /// <inheritdoc/>
    public override FusedActivation Activation { get; init; } = Activation;

    /// <inheritdoc/>
    public override BuiltinCode Code => BuiltinCode.Conv2d;
}

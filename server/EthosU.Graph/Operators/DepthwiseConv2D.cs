namespace EthosU.Graphs;

/// <summary>Each channel of [N, H, W, Ci] with its own filter: [1, Kh, Kw, Co], Co = Ci × multiplier, and a bias [Co].</summary>
/// <param name="Padding">Border handling.</param>
/// <param name="StrideHeight">Step between windows along height.</param>
/// <param name="StrideWidth">Step between windows along width.</param>
/// <param name="DilationHeight">Distance of filter taps along height.</param>
/// <param name="DilationWidth">Distance of filter taps along width.</param>
/// <param name="DepthMultiplier">Outputs per input channel.</param>
/// <param name="Activation">Clamp of the result.</param>
public sealed record DepthwiseConv2D(Padding Padding, int StrideHeight, int StrideWidth, int DilationHeight = 1, int DilationWidth = 1,
    int DepthMultiplier = 1, FusedActivation Activation = FusedActivation.None) : Operator
{
    /// <inheritdoc/>
    public override FusedActivation Activation { get; init; } = Activation;

    /// <inheritdoc/>
    public override BuiltinCode Code => BuiltinCode.DepthwiseConv2d;
}

namespace EthosU.Simulator;

/// <summary>The decoded weights of a convolution, ready for the kernels, and what they were decoded from.</summary>
/// <param name="Streams">The compressed bytes.</param>
/// <param name="Order">What decides their order.</param>
/// <param name="Values">
/// Convolution: [output, row × column × input], each output's weights padded with zeros to a multiple of 16, outputs to a multiple of 4.
/// Depthwise: [row × column, output].
/// </param>
/// <param name="Problem">What is not as hardware expects it; null if nothing.</param>
internal sealed record ConvolutionWeights(byte[][] Streams, object Order, short[] Values, string? Problem)
{
    /// <summary>Weights of an output are padded to a multiple of this.</summary>
    public const int TapUnit = 16;

    /// <summary>Outputs are padded to a multiple of this.</summary>
    public const int OutputUnit = 4;

    /// <summary>Length of the weights of an output, padded.</summary>
    public static int PaddedTaps(int taps) => (taps + TapUnit - 1) / TapUnit * TapUnit;
}

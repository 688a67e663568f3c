namespace EthosU.Npu.Weights;

/// <summary>Scales of convolutions, depthwise convolutions and linear layers (npu-weights, section 4.3).</summary>
internal static class ConvolutionScales
{
    /// <summary>The real factor from the sum of products to the output.</summary>
    /// <param name="input">Scale of the input.</param>
    /// <param name="weights">Scale of the channel's weights.</param>
    /// <param name="output">Scale of the operation's own output.</param>
    /// <param name="singlePrecision">
    /// True if input and weight scale are multiplied in single precision: for uint8 inputs, and for FULLY_CONNECTED.
    /// </param>
    public static double Effective(float input, float weights, float output, bool singlePrecision) =>
        (singlePrecision ? (float)(input * weights) : (double)input * weights) / output;

    /// <summary>The encoded factor.</summary>
    /// <param name="scale">The real factor.</param>
    /// <param name="reduced">True for int16 inputs with a 64-bit bias (or none), whose sums allow 15 bits only.</param>
    public static QuantizedScale Quantize(double scale, bool reduced) =>
        reduced ? QuantizedScale.FromReduced(scale) : QuantizedScale.From(scale);
}

namespace EthosU.Npu.Weights;

/// <summary>The factor of a multiplication's result (npu-weights, section 4.5).</summary>
internal static class MultiplicationScales
{
    /// <summary>The factor that turns the product of integers into the output's, in single precision as the reference computes it.</summary>
    public static QuantizedScale Rescale(float first, float second, float output) =>
        QuantizedScale.From((float)((float)(first * second) / output));

    /// <summary>The factor before the hardware's sigmoid or tanh.</summary>
    public static QuantizedScale BeforeFunction(float first, float second) =>
        QuantizedScale.From((float)(first * second) / (1.0 / 0x3000));
}

using EthosU.Graphs;

namespace EthosU.Npu.Support;

/// <summary>How wide TensorFlow Lite's sums of products are (tflite-kernels 2.3 and 2.4).</summary>
internal static class SumWidth
{
    /// <summary>
    /// True if the sums have 64 bits and are scaled by 15 bits of the multiplier: 16-bit inputs, unless the bias or the options ask for 32
    /// bits.
    /// </summary>
    public static bool IsWide(Node node)
    {
        if (Operands.Ifm(node).Type != ElementType.Int16)
            return false;
        return Operands.Bias(node) is { } bias ? bias.Type != ElementType.Int32 : node.Operator switch
        {
            Conv2D op => op.QuantizedBiasType != ElementType.Int32,
            TransposeConv op => op.QuantizedBiasType != ElementType.Int32,
            FullyConnected op => op.QuantizedBiasType != ElementType.Int32,
            _ => true,
        };
    }
}

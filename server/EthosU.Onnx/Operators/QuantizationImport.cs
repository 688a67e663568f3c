using EthosU.Graphs;

namespace EthosU.Onnx.Operators;

/// <summary>
/// QuantizeLinear and DequantizeLinear of models trained quantization-aware. The network is imported in real numbers; scales of
/// activations are remembered by the values' names, quantized constants are turned back into reals.
/// </summary>
internal static class QuantizationImport
{
    public static IEnumerable<(string, Action<ImportContext>)> Operators => [("QuantizeLinear", Quantize), ("DequantizeLinear", Dequantize)];

    private static void Quantize(ImportContext c)
    {
        Tensor x = c.Input(0);
        Remember(c, c.Node.Proto.Input[0], c.TryInput(2)?.Type ?? ElementType.UInt8);
        Remember(c, c.Node.Proto.Output[0], c.TryInput(2)?.Type ?? ElementType.UInt8);
        c.Output(0, x); // stays real; the following DequantizeLinear passes it on
    }

    private static void Dequantize(ImportContext c)
    {
        Tensor x = c.Input(0);
        if (x.Type == ElementType.Float32)
        {
            Remember(c, c.Node.Proto.Output[0], c.TryInput(2)?.Type ?? ElementType.UInt8);
            c.Output(0, x);
            return;
        }
        TensorData data = c.Constant(x, "quantized value");
        float[] scales = c.Constant(c.Input(1), "scale").ToFloatArray();
        long[] zeros = c.TryInput(2) is { } zero ? c.Constant(zero, "zero point").ToInt64Array() : new long[scales.Length];
        long[] stored = data.ToInt64Array();
        int axis = scales.Length == 1 || data.Shape.Rank == 0 ? 0 : data.Shape.NormalizeAxis(c.Node.Int("axis", 1));
        long stride = data.Shape.Rank == 0 ? 1 : data.Shape.Strides()[axis];
        if (scales.Length > 1 && scales.Length != data.Shape[axis])
            throw ImportContext.Unsupported($"{scales.Length} scales do not suit axis {axis} of {data.Shape}.", "Quantize weights per tensor or per channel.");
        float[] values = new float[stored.Length];
        for (int i = 0; i < values.Length; i++)
        {
            int slice = scales.Length == 1 ? 0 : (int)(i / stride % scales.Length);
            values[i] = scales[slice] * (stored[i] - zeros[slice]);
        }
        c.Output(0, c.Constant(TensorData.From<float>(data.Shape, values), "dequantized"));
    }

    private static void Remember(ImportContext c, string name, ElementType type)
    {
        float[] scales = c.Constant(c.Input(1), "scale").ToFloatArray();
        if (scales.Length != 1)
            return;
        long zero = c.TryInput(2) is { } point ? c.Constant(point, "zero point").ToInt64Array()[0] : 0;
        c.Quantizations[name] = Quantization.PerTensor(scales[0], type == ElementType.UInt8 ? zero - 128 : zero);
    }
}

using EthosU.Graphs;
using EthosU.Npu.Commands;

namespace EthosU.Npu.Lowering;

/// <summary>Reads weights, biases and scales of convolutions and fully connected layers from their nodes.</summary>
internal static class FilterReader
{
    /// <summary>The weights as stored, minus their zero point.</summary>
    /// <param name="tensor">A constant of 8-bit elements.</param>
    public static short[] Values(Tensor tensor)
    {
        TensorData data = tensor.Data!;
        var values = new short[data.Count];
        switch (data.Type)
        {
            case ElementType.Int8:
                ReadOnlySpan<sbyte> signed = data.AsSpan<sbyte>();
                for (int i = 0; i < values.Length; i++)
                    values[i] = signed[i];
                break;
            case ElementType.UInt8:
                ReadOnlySpan<byte> unsigned = data.AsSpan<byte>();
                for (int i = 0; i < values.Length; i++)
                    values[i] = unsigned[i];
                break;
            default:
                int[] other = data.ToInt32Array();
                for (int i = 0; i < values.Length; i++)
                    values[i] = (short)other[i];
                break;
        }
        int zero = tensor.Quantization is { IsPerAxis: false } quantization ? quantization.ZeroPoint : 0;
        if (zero != 0)
            for (int i = 0; i < values.Length; i++)
                values[i] -= (short)zero;
        return values;
    }

    /// <summary>The biases; zeros if there are none.</summary>
    public static long[] Biases(Tensor? bias, int count) => bias?.Data is { } data ? data.ToInt64Array() : new long[count];

    /// <summary>
    /// Factor of each output channel (npu-operators 3.4), and how results are rounded. Wide sums have
    /// multipliers of 15 bits, as in TensorFlow Lite.
    /// </summary>
    public static (FixedPointScale[] Scales, NpuRounding Rounding) Scales(Tensor input, Tensor weights, bool wide, Tensor output, int count)
    {
        Quantization filter = weights.Quantization!;
        double inputScale = input.Quantization!.Scale, outputScale = output.Quantization!.Scale;
        var scales = new FixedPointScale[count];
        for (int channel = 0; channel < count; channel++)
        {
            FixedPointScale scale = FixedPointScale.From(inputScale * filter.ScaleAt(channel) / outputScale);
            scales[channel] = wide ? scale.Reduced() : scale;
        }
        return (scales, wide ? NpuRounding.Natural : NpuRounding.TfLite);
    }
}

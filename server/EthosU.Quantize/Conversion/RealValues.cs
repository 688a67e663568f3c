using EthosU.Graphs;

namespace EthosU.Quantize.Conversion;

/// <summary>Between a tensor's stored values and the reals that they stand for, per tensor (tflite-kernels 1.2).</summary>
internal static class RealValues
{
    /// <summary>The reals.</summary>
    public static float[] Of(Tensor tensor, TensorData data)
    {
        if (tensor.Quantization is not { } q)
            return data.ToFloatArray();
        long inner = q.IsPerAxis ? tensor.Shape.Skip(q.Axis + 1).Aggregate(1L, (product, size) => product * size) : 1;
        long[] stored = data.ToInt64Array();
        var result = new float[stored.Length];
        for (int i = 0; i < result.Length; i++)
        {
            int slice = q.IsPerAxis ? (int)(i / inner % q.Scales.Length) : 0;
            result[i] = q.Scales[slice] * (stored[i] - q.ZeroPoints[slice]);
        }
        return result;
    }

    /// <summary>Real values as a tensor stores them; values of another type stay as they are.</summary>
    public static TensorData Store(Tensor tensor, TensorData data) =>
        data.Type == ElementType.Float32 && tensor.Quantization is { } quantization && tensor.Type is ElementType.Int8 or ElementType.Int16
            ? Affine.QuantizeConstant(data, tensor.Type, quantization)
            : data;

    /// <summary>A sample as a quantized graph takes it.</summary>
    public static TensorData[] StoreInputs(Graph quantized, TensorData[] sample) =>
        [.. sample.Select((value, i) => Store(quantized.Inputs[i], value))];
}

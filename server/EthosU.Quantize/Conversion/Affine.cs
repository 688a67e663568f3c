using EthosU.Arithmetic;
using EthosU.Graphs;
using EthosU.Quantize.Ranges;

namespace EthosU.Quantize.Conversion;

/// <summary>Scales and zero points (tflite-kernels 1.2).</summary>
internal static class Affine
{
    /// <summary>The quantization of activations of a range.</summary>
    public static Quantization ForRange(ValueRange range, ElementType type)
    {
        range = range.WithZero;
        if (range.Width == 0)
            range = new(0, 1); // always zero on the data: any scale serves, and one of usual size keeps multipliers small
        if (type == ElementType.Int16)
            return Quantization.PerTensor(Positive(Math.Max((double)-range.Min, range.Max) / short.MaxValue), 0);
        double scale = Positive(((double)range.Max - range.Min) / byte.MaxValue), low = range.Min / scale, high = range.Max / scale;
        double fromLow = sbyte.MinValue - low, fromHigh = sbyte.MaxValue - high;
        double zero = -sbyte.MinValue + Math.Abs(low) < sbyte.MaxValue + Math.Abs(high) ? fromLow : fromHigh;
        return Quantization.PerTensor((float)scale, (long)Math.Clamp(Rounding.HalfAway(zero), sbyte.MinValue, sbyte.MaxValue));
    }

    /// <summary>
    /// The quantization of int16 that holds each value of an int8 tensor exactly: its scale divided by a power of two, so that no
    /// runtime's arithmetic has anything to round.
    /// </summary>
    public static Quantization Widened(Quantization int8) => Quantization.PerTensor(Positive(int8.Scale / 128.0), 0);

    /// <summary>The reals that a per-tensor quantization can hold.</summary>
    public static ValueRange RangeOf(Quantization quantization, ElementType type)
    {
        (int low, int high) = type == ElementType.Int16 ? (-short.MaxValue, short.MaxValue) : (sbyte.MinValue, sbyte.MaxValue);
        return new(quantization.Scale * (low - quantization.ZeroPoint), quantization.Scale * (high - quantization.ZeroPoint));
    }

    /// <summary>
    /// The graph without the quantization that constants of real numbers bring along from training; no runtime expects it there.
    /// </summary>
    public static Graph WithoutOnReals(Graph graph)
    {
        Dictionary<Tensor, Tensor> bare =
            graph.Tensors.Where(tensor => tensor is { Type: ElementType.Float32, IsConstant: true, Quantization: not null })
            .ToDictionary(tensor => tensor, tensor => tensor.WithQuantization(null));
        return bare.Count == 0 ? graph
            : graph.With(nodes: [.. graph.Nodes
            .Select(node => node
            .WithInputs([.. node.Inputs
            .Select(input => input is not null && bare.TryGetValue(input, out Tensor? other) ? other : input)]))]);
    }

    /// <summary>A constant quantized per tensor.</summary>
    public static TensorData QuantizeConstant(TensorData data, ElementType type, Quantization quantization)
    {
        float[] values = data.ToFloatArray();
        int low = type == ElementType.Int16 ? short.MinValue : sbyte.MinValue,
            high = type == ElementType.Int16 ? short.MaxValue : sbyte.MaxValue;
        AffineQuantization affine = new(quantization.Scale, quantization.ZeroPoint);
        return type == ElementType.Int16
            ? TensorData.Wrap(type, data.Shape, Array.ConvertAll(values, value => (short)affine.Store(value, low, high)))
            : TensorData.Wrap(type, data.Shape, Array.ConvertAll(values, value => (sbyte)affine.Store(value, low, high)));
    }

    /// <summary>A scale that is a usable single: not zero, not denormal.</summary>
    private static float Positive(double scale) => Math.Max((float)scale, 1.2e-38f);
}

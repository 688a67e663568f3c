using System.Numerics.Tensors;
using EthosU.Arithmetic;
using EthosU.Graphs;

namespace EthosU.Quantize.Conversion;

/// <summary>Weights and biases as integers (tflite-kernels 1.1 and 1.2).</summary>
internal static class WeightQuantizer
{
    private const double MaxBias = int.MaxValue;

    /// <summary>Weights and biases of an operator.</summary>
    /// <param name="weights">Real weights.</param>
    /// <param name="trained">The quantization that they bring along from training; it is kept where it is symmetric and suits the
    /// operator.</param>
    /// <param name="bias">Real biases, one for each slice of the axis; null for none.</param>
    /// <param name="axis">The axis whose slices have their own scale; null for one scale.</param>
    /// <param name="units">Number of biases.</param>
    /// <param name="inputScale">Scale of the operand.</param>
    /// <param name="activations">Int8 or Int16.</param>
    /// <param name="correct">Gets, by unit, what the rounding of the weights adds to the mean result; null for no correction.</param>
    /// <param name="round">Gets weights and scales, and writes the integers; null for the nearest ones.</param>
    public static QuantizedWeights Quantize(TensorData weights, Quantization? trained, TensorData? bias, int? axis, int units,
        float inputScale, ElementType activations, Func<float[], double[]>? correct,
        Action<float[], float[], sbyte[]>? round = null)
    {
        ReadOnlySpan<float> values = weights.Type == ElementType.Float32 ? weights.AsSpan<float>() : weights.ToFloatArray();
        float[] offsets = bias?.ToFloatArray() ?? new float[units];
        int slices = axis is { } a ? weights.Shape[a] : 1;
        int inner = axis is { } b ? (int)weights.Shape.Skip(b + 1).Aggregate(1L, (product, size) => product * size)
            : Math.Max(values.Length, 1);
        float[] scales = Trained(trained, axis, slices) is { } given && Holds(given, offsets, inputScale, activations)
            ? given
            : Scales(values, offsets, slices, inner, inputScale, activations);
        var stored = new sbyte[values.Length];
        if (round is not null)
            round(values.ToArray(), scales, stored);
        var errors = new float[values.Length];
        for (int start = 0, slice = 0; start < values.Length; start += inner, slice = slice + 1 < slices ? slice + 1 : 0)
        {
            float scale = scales[slice];
            for (int i = start, end = start + inner; i < end; i++)
            {
                if (round is null)
                    stored[i] = (sbyte)Math.Clamp(Rounding.HalfAway(values[i] / scale), -sbyte.MaxValue, sbyte.MaxValue);
                errors[i] = (stored[i] * scale) - values[i];
            }
        }
        double[] shift = correct?.Invoke(errors) ?? new double[units];
        float[] biasScales = [.. scales.Select(scale => inputScale * scale)];
        var quantizedBias = new long[units];
        double limit = activations == ElementType.Int16 ? Math.ScaleB(1, 39) - 1 : MaxBias; // an Ethos-U holds 40 bits
        for (int i = 0; i < units; i++)
        {
            double steps = (offsets[i] - shift[i]) / biasScales[slices == 1 ? 0 : i];
            quantizedBias[i] = (long)Math.Clamp(Rounding.HalfAway(steps), -limit, limit);
        }

        Quantization Make(float[] s, int on) =>
            s.Length == 1 && axis is null ? Quantization.PerTensor(s[0], 0) : Quantization.PerAxisSymmetric([.. s], on);
        TensorData biasData = activations == ElementType.Int16
            ? TensorData.From<long>([units], quantizedBias)
            : TensorData.From<int>([units], Array.ConvertAll(quantizedBias, v => (int)v));
        return new(TensorData.Wrap(ElementType.Int8, weights.Shape, stored), Make(scales, axis ?? 0), biasData, Make(biasScales, 0));
    }

    private static float[]? Trained(Quantization? trained, int? axis, int slices) =>
        trained is null || trained.ZeroPoints.Any(zero => zero != 0) ? null
        : !trained.IsPerAxis ? [.. Enumerable.Repeat(trained.Scale, slices)]
        : trained.Axis == axis && trained.Scales.Length == slices ? [.. trained.Scales] : null;

    /// <summary>True if biases fit into their integers with these scales of weights.</summary>
    private static bool Holds(float[] scales, float[] offsets, float inputScale, ElementType activations) => activations != ElementType.Int8
        || offsets.Select((offset, unit) => Math.Abs(offset) / ((double)inputScale * scales[scales.Length == 1 ? 0 : unit]))
        .All(stored => stored < MaxBias / 2);

    /// <summary>
    /// The symmetric scale of each slice, large enough for its bias to fit into 32 bits; slices of zeros get the smallest other one.
    /// </summary>
    private static float[] Scales(ReadOnlySpan<float> values, float[] offsets, int slices, int inner, float inputScale,
        ElementType activations)
    {
        var largest = new float[slices];
        for (int start = 0, slice = 0; start < values.Length; start += inner, slice = slice + 1 < slices ? slice + 1 : 0)
            largest[slice] = Math.Max(largest[slice], Math.Abs(TensorPrimitives.MaxMagnitude(values.Slice(start, inner))));
        float smallest = largest.Where(m => m > 0).DefaultIfEmpty(sbyte.MaxValue).Min();
        for (int i = 0; i < slices; i++)
            if (largest[i] == 0)
                largest[i] = smallest;
        if (activations == ElementType.Int8)
        {
            for (int unit = 0; unit < offsets.Length; unit++)
            {
                int s = slices == 1 ? 0 : unit;
                double needed = 2 * Math.Abs(offsets[unit]) / MaxBias * sbyte.MaxValue / inputScale;
                largest[s] = Math.Max(largest[s], (float)needed);
            }
        }
        return [.. largest.Select(m => m / sbyte.MaxValue)];
    }
}

using EthosU.Graphs;

namespace EthosU.Import.Formulas;

/// <summary>
/// Quantized values of source models: the reals that integers stand for, and the integers themselves where they really leave the network.
/// </summary>
public static class Quantizing
{
    private const string WeightAdvice = "Quantize weights per tensor or per channel.";

    /// <summary>The reals that integers stand for; constant ones carry their quantization.</summary>
    public static Tensor Reals(GraphEmitter g, Tensor x, StoredForm form)
    {
        if (x.Data is { } data && form.IsConstant)
        {
            Quantization? quantization = form.BlockSize > 0 ? null : QuantizationOf(x.Type, x.Shape, form);
            Tensor constant = g.Constant(TensorData.Wrap(ElementType.Float32, x.Shape, Values(data, form)), "dequantized");
            return quantization is null ? constant : constant.WithQuantization(quantization);
        }
        Tensor shifted = g.Cast(x, ElementType.Float32);
        if (form.Zero is { } zero)
            shifted = g.Sub(shifted, g.Cast(Aligned(g, zero, x.Shape, form), ElementType.Float32));
        return g.Mul(shifted, Aligned(g, form.Scale, x.Shape, form));
    }

    /// <summary>Reals that were stored in one form and are read in another.</summary>
    public static Tensor Reread(GraphEmitter g, Tensor x, StoredForm stored, StoredForm read)
    {
        if (stored.Means(read))
            return x;
        if (!stored.IsConstant || !read.IsConstant || !stored.IsPerTensor || !read.IsPerTensor)
            throw new UnsupportedOperatorException("It reads integers with other scales than they were stored with.",
                "Give what quantizes a value and what reads it the same scale and zero point.");
        double ratio = (double)read.Scales[0] / stored.Scales[0];
        double shift = read.Scales[0] * (double)((stored.Zeros?[0] ?? 0) - (read.Zeros?[0] ?? 0));
        if (ratio != 1)
            x = g.Mul(x, g.Scalar((float)ratio));
        return shift == 0 ? x : g.Add(x, g.Scalar((float)shift));
    }

    /// <summary>
    /// Reals clamped to what their integers can hold. Quantizers drop a Relu or Clip whose work this does. Bounds beyond which nothing lies
    /// by more than rounding are left out.
    /// </summary>
    public static Tensor Saturated(GraphEmitter g, Tensor x, StoredForm form) =>
        form.Integers is { } integers ? Clamped(g, x, form, integers.Low, integers.High) : x;

    /// <summary>Reals clamped to what a range of integers of a form stands for.</summary>
    public static Tensor Clamped(GraphEmitter g, Tensor x, StoredForm form, long low, long high)
    {
        float scale = form.Scales[0];
        if (!float.IsFinite(scale) || scale <= 0)
            throw new UnsupportedOperatorException(
                $"A scale of {scale} is not possible.", "Quantize the model again; every scale must be a positive number.");
        long zero = form.Zeros?[0] ?? 0;
        (float least, float most) = (scale * (low - zero), scale * (high - zero));
        var bounds = g.Bounds.Of(x);
        if (bounds.Low < least - (scale / 2))
            x = least == 0 ? g.Unary(UnaryKind.Relu, x) : g.Binary(BinaryKind.Maximum, x, g.Scalar(least));
        return bounds.High > most + (scale / 2) ? g.Binary(BinaryKind.Minimum, x, g.Scalar(most)) : x;
    }

    /// <summary>The integers themselves, of reals whose scales and zero points may be computed.</summary>
    /// <exception cref="UnsupportedOperatorException">Their type is none that can be computed with.</exception>
    public static Tensor Stored(GraphEmitter g, Tensor x, StoredForm form)
    {
        Tensor point = form.Zero is null ? g.Scalar(0f) : g.Cast(Aligned(g, form.Zero, x.Shape, form), ElementType.Float32);
        return Rounded(g, x, Aligned(g, form.Scale, x.Shape, form), point, form.Integers ?? throw new UnsupportedOperatorException(
            $"Quantization to {form.TypeName} cannot be expressed where the integers are used as such.", "Use int8 or uint8."));
    }

    /// <summary>The integers of constant reals, each rounded to even after a product with one over its scale.</summary>
    public static Tensor Rounded(GraphEmitter g, Tensor x, StoredForm form)
    {
        StoredIntegers integers = form.Integers ?? throw new ArgumentException("the integers are not known", nameof(form));
        Tensor inverse = g.Constant(TensorData.From<float>(form.Scale.Shape, Array.ConvertAll(form.Scales, static s => 1 / s)), "inverse");
        Tensor y = g.Unary(UnaryKind.Round, g.Mul(x, Aligned(g, inverse, x.Shape, form)));
        if (form.Zero is { } zero)
            y = g.Add(y, g.Cast(Aligned(g, zero, x.Shape, form), ElementType.Float32));
        return Within(g, y, integers);
    }

    /// <summary>x over a scale, rounded, plus a zero point, within the integers.</summary>
    public static Tensor Rounded(GraphEmitter g, Tensor x, Tensor scale, Tensor point, StoredIntegers integers)
    {
        Tensor y = g.Add(g.Unary(UnaryKind.Round, g.Binary(BinaryKind.Div, x, scale)), point);
        return Within(g, y, integers);
    }

    private static Tensor Within(GraphEmitter g, Tensor y, StoredIntegers integers) => g.Cast(
        g.Binary(BinaryKind.Minimum, g.Binary(BinaryKind.Maximum, y, g.Scalar((float)integers.Low)), g.Scalar((float)integers.High)),
        integers.Type);

    /// <summary>
    /// Keeps the quantization of a value of 8 bits by its name. The first stands: where another is known already, it is given.
    /// </summary>
    /// <param name="known">What is known, by name.</param>
    /// <param name="name">The value's name.</param>
    /// <param name="form">How its integers stand for reals; forms that are computed, or of other types, are left out.</param>
    public static Quantization? Keep(Dictionary<string, Quantization> known, string name, StoredForm form) =>
        !form.IsConstant || form.Integers is not { IsEightBit: true } integers
        || QuantizationOf(integers.Type, Shape.Scalar, form with { Axis = 0 }) is not { } quantization
        || known.TryAdd(name, quantization) || known[name].Equals(quantization) ? null : known[name];

    /// <summary>One number, or one for each slice along an axis, so that it broadcasts; of blocks one for each element.</summary>
    private static Tensor Aligned(GraphEmitter g, Tensor values, Shape shape, StoredForm form)
    {
        if (values.Shape.ElementCount == 1)
            return g.Reshape(values, Shape.Scalar);
        int normalized = shape.NormalizeAxis(form.Axis);
        if (form.BlockSize > 0)
        {
            if (values.Shape.Rank != shape.Rank || values.Shape != shape.With(normalized, Blocks(shape[normalized], form.BlockSize)))
                throw new UnsupportedOperatorException(
                    $"Scales {values.Shape} do not suit {shape} in blocks of {form.BlockSize} along axis {form.Axis}.",
                    WeightAdvice);
            return g.Emit(new Gather(normalized), values,
                g.Integers([.. Enumerable.Range(0, g.Listed(shape[normalized])).Select(i => i / form.BlockSize)]));
        }
        if (values.Shape.ElementCount != shape[normalized])
            throw new UnsupportedOperatorException(
                $"{values.Shape.ElementCount} scales do not suit axis {form.Axis} of {shape}.", WeightAdvice);
        return g.Reshape(values, [.. Enumerable.Range(0, shape.Rank).Select(a => a == normalized ? shape[a] : 1)]);
    }

    private static int Blocks(int size, int block) => (int)(((long)size + block - 1) / block);

    private static float[] Values(TensorData data, StoredForm form)
    {
        float[] scales = form.Scales;
        long[]? zeros = form.Zeros;
        long[] stored = data.ToInt64Array();
        int axis = scales.Length == 1 ? 0 : data.Shape.NormalizeAxis(form.Axis), block = Math.Max(form.BlockSize, 1);
        int slices = scales.Length == 1 ? 1 : Blocks(data.Shape[axis], block);
        bool blocked = form.BlockSize > 0 && scales.Length > 1;
        bool suits = scales.Length == 1 || (blocked ? form.Scale.Shape == data.Shape.With(axis, slices) : scales.Length == slices);
        if (!suits || (zeros is not null && zeros.Length != scales.Length))
            throw new UnsupportedOperatorException(
                $"{scales.Length} scales and {zeros?.Length ?? scales.Length} zero points do not suit axis {form.Axis} of "
                    + $"{data.Shape}.", WeightAdvice);
        long stride = data.Shape.Rank == 0 ? 1 : data.Shape.Strides()[axis], span = data.Shape.Rank == 0 ? 1 : stride * data.Shape[axis];
        float[] values = new float[stored.Length];
        for (int i = 0; i < values.Length; i++)
        {
            long slice = scales.Length == 1 ? 0 : i / stride % data.Shape[axis] / block;
            if (blocked) // the scale that lies where the element lies
                slice = (((i / span * slices) + slice) * stride) + (i % stride);
            values[i] = scales[slice] * (stored[i] - (zeros?[slice] ?? 0));
        }
        return values;
    }

    /// <summary>The quantization in int8 terms of values of 8 bits; null for other types and for scales that are none.</summary>
    /// <param name="type">The type that the integers are stored in.</param>
    /// <param name="shape">The value's shape.</param>
    /// <param name="form">How they stand for reals, constant.</param>
    private static Quantization? QuantizationOf(ElementType type, Shape shape, StoredForm form)
    {
        float[] scales = form.Scales;
        long[]? zeros = form.Zeros;
        if (type is not (ElementType.Int8 or ElementType.UInt8) || scales.Any(scale => !float.IsFinite(scale) || scale <= 0)
            || (zeros is not null && zeros.Length != scales.Length))
            return null;
        bool shifts = type == ElementType.UInt8 && form.Integers is not { IsShifted: false }; // those of 4 bits are int8 as they are
        long[] points = [.. Enumerable.Range(0, scales.Length).Select(i => (zeros?[i] ?? 0) - (shifts ? 128 : 0))];
        return scales.Length == 1 ? Quantization.PerTensor(scales[0], points[0])
            : scales.Length > 1 && shape.Rank > 0 ? Quantization.PerAxis([.. scales], [.. points], shape.NormalizeAxis(form.Axis)) : null;
    }
}

using EthosU.Graphs;

namespace EthosU.Onnx.Operators;

/// <summary>
/// QuantizeLinear and DequantizeLinear of models trained quantization-aware. The network is imported in real numbers: a quantized
/// value that is turned back into reals stands for those reals, and its scale is remembered by name (see <see cref="OnnxModel"/>);
/// quantized constants become reals that carry their quantization. Where integers really leave the network they are computed.
/// </summary>
internal static class QuantizationImport
{
    public static IEnumerable<(string, Action<ImportContext>)> Operators =>
        [("QuantizeLinear", Quantize), ("DequantizeLinear", Dequantize), ("DynamicQuantizeLinear", QuantizeDynamically)];

    private static void Quantize(ImportContext c)
    {
        RefuseBlocks(c);
        Tensor scale = c.Input(1);
        Tensor? zero = c.TryInput(2);
        ElementType type = zero?.Type ?? (c.Node.Int("output_dtype", 0) is var wanted and > 0 ? TensorLoader.TypeOf(wanted) : ElementType.UInt8);
        if (!c.Input(0).IsConstant)
            Remember(c, c.Node.Proto.Input[0], scale, zero, type);
        Store(c, 0, c.Input(0), scale, zero, type, c.Node.Int("axis", 1));
    }

    private static void Dequantize(ImportContext c)
    {
        RefuseBlocks(c);
        Tensor x = c.Input(0);
        if (x.Type == ElementType.Float32)
        {
            ElementType type = c.TryInput(2)?.Type ?? ElementType.UInt8;
            Remember(c, c.Node.Proto.Input[0], c.Input(1), c.TryInput(2), type);
            Remember(c, c.Node.Proto.Output[0], c.Input(1), c.TryInput(2), type);
        }
        c.Output(0, Real(c, x, c.Input(1), c.TryInput(2), c.Node.Int("axis", 1)));
    }

    /// <summary>
    /// Scales that are found at run time are left out: the value stands for its reals with scale 1, and is quantized statically later.
    /// </summary>
    private static void QuantizeDynamically(ImportContext c)
    {
        Tensor x = c.Input(0);
        if (c.Uses.StandsForReals(c.Node.Proto.Output[0]))
        {
            c.Findings.Add(new("onnx-dynamic-quantization", FindingSeverity.Info, "The model quantizes this value at run time; here it is taken as real numbers and quantized with a fixed scale.",
                "Nothing needs to be done.", c.Source) { Operator = c.Node.Type });
            c.Output(0, x);
            c.Output(1, c.Scalar(1f));
            c.Output(2, c.Constant(TensorData.Scalar((byte)0)));
            return;
        }
        int[] all = [.. Enumerable.Range(0, x.Shape.Rank)];
        Tensor zero = c.Scalar(0f), levels = c.Scalar(255f);
        Tensor high = c.Binary(BinaryKind.Maximum, c.Reduce(ReduceKind.Max, x, all, false), zero), low = c.Binary(BinaryKind.Minimum, c.Reduce(ReduceKind.Min, x, all, false), zero);
        Tensor scale = c.Binary(BinaryKind.Div, c.Sub(high, low), levels);
        Tensor point = c.Unary(UnaryKind.Round, c.Binary(BinaryKind.Div, c.Sub(zero, low), scale));
        c.Output(0, Rounded(c, x, scale, point, ElementType.UInt8));
        c.Output(1, scale);
        c.Output(2, c.Cast(point, ElementType.UInt8));
    }

    /// <summary>The reals that a quantized tensor stands for; a tensor of reals stands for itself.</summary>
    public static Tensor Real(ImportContext c, Tensor x, Tensor scale, Tensor? zero, int axis)
    {
        if (x.Type == ElementType.Float32)
            return x;
        if (x.Data is { } stored && scale.Data is { } scales && (zero is null || zero.IsConstant))
        {
            Quantization? quantization = Quantized(x.Type, x.Shape, scales.ToFloatArray(), zero?.Data!.ToInt64Array(), axis);
            float[] values = Values(stored, scales.ToFloatArray(), zero?.Data!.ToInt64Array(), axis);
            Tensor constant = c.Constant(TensorData.From<float>(x.Shape, values), "dequantized");
            return quantization is null ? constant : constant.WithQuantization(quantization);
        }
        Tensor shifted = c.Cast(x, ElementType.Float32);
        if (zero is not null)
            shifted = c.Sub(shifted, c.Cast(Aligned(c, zero, x.Shape, axis), ElementType.Float32));
        return c.Mul(shifted, Aligned(c, scale, x.Shape, axis));
    }

    /// <summary>Makes reals the value of an output that is stored as integers: as the reals themselves where they are only read back.</summary>
    public static void Store(ImportContext c, int output, Tensor x, Tensor scale, Tensor? zero, ElementType type, int axis)
    {
        if (!c.WantsOutput(output))
            return;
        string name = c.Node.Proto.Output[output];
        if (!x.IsConstant && c.Uses.StandsForReals(name))
        {
            Remember(c, name, scale, zero, type);
            c.Output(output, x);
            return;
        }
        Tensor point = zero is null ? c.Scalar(0f) : c.Cast(Aligned(c, zero, x.Shape, axis), ElementType.Float32);
        c.Output(output, Rounded(c, x, Aligned(c, scale, x.Shape, axis), point, type));
    }

    private static Tensor Rounded(ImportContext c, Tensor x, Tensor scale, Tensor point, ElementType type)
    {
        if (type is not (ElementType.Int8 or ElementType.UInt8))
            throw ImportContext.Unsupported($"Quantization to {type.DisplayName()} (or 16 bits) cannot be expressed where the integers are used as such.", "Use int8 or uint8.");
        (int low, int high) = type.IntegerRange();
        Tensor y = c.Add(c.Unary(UnaryKind.Round, c.Binary(BinaryKind.Div, x, scale)), point);
        y = c.Binary(BinaryKind.Minimum, c.Binary(BinaryKind.Maximum, y, c.Scalar((float)low)), c.Scalar((float)high));
        return c.Cast(y, type);
    }

    /// <summary>One number, or one for each slice along an axis, so that it broadcasts.</summary>
    private static Tensor Aligned(ImportContext c, Tensor values, Shape shape, int axis)
    {
        if (values.Shape.ElementCount == 1)
            return c.Reshape(values, Shape.Scalar);
        int normalized = shape.NormalizeAxis(axis);
        if (values.Shape.ElementCount != shape[normalized])
            throw ImportContext.Unsupported($"{values.Shape.ElementCount} scales do not suit axis {axis} of {shape}.", "Quantize weights per tensor or per channel.");
        return c.Reshape(values, [.. Enumerable.Range(0, shape.Rank).Select(a => a == normalized ? shape[a] : 1)]);
    }

    private static float[] Values(TensorData data, float[] scales, long[]? zeros, int axis)
    {
        long[] stored = data.ToInt64Array();
        int normalized = scales.Length == 1 ? 0 : data.Shape.NormalizeAxis(axis);
        if ((scales.Length > 1 && scales.Length != data.Shape[normalized]) || (zeros is not null && zeros.Length != scales.Length) || scales.Length == 0)
            throw ImportContext.Unsupported($"{scales.Length} scales and {zeros?.Length ?? scales.Length} zero points do not suit axis {axis} of {data.Shape}.", "Quantize weights per tensor or per channel.");
        long stride = data.Shape.Rank == 0 ? 1 : data.Shape.Strides()[normalized];
        float[] values = new float[stored.Length];
        for (int i = 0; i < values.Length; i++)
        {
            int slice = scales.Length == 1 ? 0 : (int)(i / stride % scales.Length);
            values[i] = scales[slice] * (stored[i] - (zeros?[slice] ?? 0));
        }
        return values;
    }

    /// <summary>The quantization of a constant in int8 terms; null for other types and for scales that are none.</summary>
    private static Quantization? Quantized(ElementType type, Shape shape, float[] scales, long[]? zeros, int axis)
    {
        if (type is not (ElementType.Int8 or ElementType.UInt8) || scales.Any(scale => !float.IsFinite(scale) || scale <= 0) || (zeros is not null && zeros.Length != scales.Length))
            return null;
        long[] points = [.. Enumerable.Range(0, scales.Length).Select(i => (zeros?[i] ?? 0) - (type == ElementType.UInt8 ? 128 : 0))];
        return scales.Length == 1 ? Quantization.PerTensor(scales[0], points[0])
            : scales.Length > 1 && shape.Rank > 0 ? Quantization.PerAxis([.. scales], [.. points], shape.NormalizeAxis(axis)) : null;
    }

    private static void Remember(ImportContext c, string name, Tensor scale, Tensor? zero, ElementType type)
    {
        if (scale.Data is not { } data || (zero is not null && !zero.IsConstant))
            return;
        if (Quantized(type, Shape.Scalar, data.ToFloatArray(), zero?.Data!.ToInt64Array(), 0) is not { } quantization)
            return;
        if (c.Quantizations.TryAdd(name, quantization) || c.Quantizations[name].Equals(quantization))
            return;
        c.Findings.Add(new("onnx-two-quantizations", FindingSeverity.Info, $"The model quantizes '{name}' in two ways; {c.Quantizations[name]} is taken.",
            "Give each value one quantizer in the quantization-aware training.", c.Source) { Operator = c.Node.Type, Tensor = name });
    }

    private static void RefuseBlocks(ImportContext c)
    {
        if (c.Node.Int("block_size", 0) != 0)
            throw ImportContext.Unsupported("Quantization in blocks cannot be expressed.", "Quantize weights per tensor or per channel.");
    }
}

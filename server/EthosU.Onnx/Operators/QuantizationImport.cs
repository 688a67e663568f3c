using EthosU.Graphs;
using EthosU.Import;

namespace EthosU.Onnx.Operators;

/// <summary>
/// QuantizeLinear and DequantizeLinear of models trained quantization-aware. The network is imported in real numbers: a quantized
/// value that is turned back into reals stands for those reals, clamped to what its integers can hold, and its scale is remembered by
/// name (see <see cref="ImportedModel"/>); quantized constants become reals that carry their quantization. Where integers really leave the
/// network they are computed.
/// </summary>
internal static class QuantizationImport
{
    private const int UInt8Type = 2;
    private const string WeightAdvice = "Quantize weights per tensor or per channel.";

    public static IEnumerable<(string, Action<ImportContext>)> Operators =>
        [("QuantizeLinear", Quantize), ("DequantizeLinear", Dequantize), ("DynamicQuantizeLinear", QuantizeDynamically)];

    private static void Quantize(ImportContext c)
    {
        StoredForm form = Form(c, 1, 2, c.Node.Int("axis", 1), c.Node.Int("output_dtype", 0))
            with { BlockSize = c.Node.Int("block_size", 0) };
        if (!c.Input(0).IsConstant)
            Remember(c, c.Node.Proto.Input[0], form);
        Store(c, 0, c.Input(0), form);
    }

    private static void Dequantize(ImportContext c)
    {
        StoredForm form = Form(c, 1, 2, c.Node.Int("axis", 1)) with { BlockSize = c.Node.Int("block_size", 0) };
        if (c.Input(0).Type == ElementType.Float32)
        {
            Remember(c, c.Node.Proto.Input[0], form);
            Remember(c, c.Node.Proto.Output[0], form);
        }
        c.Output(0, Real(c, 0, form));
    }

    /// <summary>The form that a node's operands describe: a scale, and a zero point behind it whose type is that of the integers.</summary>
    /// <param name="c">The node.</param>
    /// <param name="scale">Index of the scale.</param>
    /// <param name="zero">Index of the zero point, which may be left out.</param>
    /// <param name="axis">The axis of several scales.</param>
    /// <param name="type">The integers' type where the zero point does not say it; 0 for uint8.</param>
    public static StoredForm Form(ImportContext c, int scale, int zero, int axis = 1, int type = 0)
    {
        int onnxType = !c.HasInput(zero) ? type > 0 ? type : UInt8Type : c.StoredType(c.Node.Proto.Input[zero], c.Input(zero));
        return new(c.Input(scale), c.TryInput(zero), onnxType, axis);
    }

    /// <summary>
    /// Scales that are found at run time are left out: the value stands for its reals with scale 1, and is quantized statically later.
    /// </summary>
    private static void QuantizeDynamically(ImportContext c)
    {
        Tensor x = c.Input(0);
        if (c.StandsForReals(c.Node.Proto.Output[0]))
        {
            c.Findings.Add(new("onnx-dynamic-quantization", FindingSeverity.Info,
                "The model quantizes this value at run time; here it is taken as real numbers and quantized with a fixed scale.",
                "Nothing needs to be done.", c.At.Source) { Operator = c.Node.Type });
            Tensor one = c.Scalar(1f), none = c.Constant(TensorData.Scalar((byte)0));
            c.Forms[c.Node.Proto.Output[0]] = new(one, none, 0);
            c.Output(0, x);
            c.Output(1, one);
            c.Output(2, none);
            return;
        }
        int[] all = [.. Enumerable.Range(0, x.Shape.Rank)];
        Tensor zero = c.Scalar(0f), levels = c.Scalar(255f);
        Tensor high = c.Binary(BinaryKind.Maximum, c.Reduce(ReduceKind.Max, x, all, false), zero),
            low = c.Binary(BinaryKind.Minimum, c.Reduce(ReduceKind.Min, x, all, false), zero);
        Tensor scale = c.Binary(BinaryKind.Div, c.Sub(high, low), levels);
        Tensor point = c.Unary(UnaryKind.Round, c.Binary(BinaryKind.Div, c.Sub(zero, low), scale));
        c.Output(0, Rounded(c, x, scale, point, UInt8Type));
        c.Output(1, scale);
        c.Output(2, c.Cast(point, ElementType.UInt8));
    }

    /// <summary>The reals that an operand stands for whose integers a node reads in a form.</summary>
    public static Tensor Real(ImportContext c, int index, StoredForm form)
    {
        Tensor x = c.Input(index);
        if (x.Type == ElementType.Float32)
            return c.InMainGraph && c.Forms.TryGetValue(c.Node.Proto.Input[index], out StoredForm? stored) ? Reread(c, x, stored, form) : x;
        if (x.Data is { } data && form.IsConstant)
        {
            Quantization? quantization = form.BlockSize > 0 ? null : Quantized(x.Type, x.Shape, form);
            Tensor constant = c.Constant(TensorData.Wrap(ElementType.Float32, x.Shape, Values(data, form)), "dequantized");
            return quantization is null ? constant : constant.WithQuantization(quantization);
        }
        Tensor shifted = c.Cast(x, ElementType.Float32);
        if (form.Zero is { } zero)
            shifted = c.Sub(shifted, c.Cast(Aligned(c, zero, x.Shape, form), ElementType.Float32));
        return c.Mul(shifted, Aligned(c, form.Scale, x.Shape, form));
    }

    /// <summary>Reals that were stored in one form and are read in another.</summary>
    private static Tensor Reread(ImportContext c, Tensor x, StoredForm stored, StoredForm read)
    {
        if (stored.Means(read))
            return x;
        if (!stored.IsConstant || !read.IsConstant || !stored.IsPerTensor || !read.IsPerTensor)
            throw new UnsupportedOperatorException("It reads integers with other scales than they were stored with.",
                "Give QuantizeLinear and DequantizeLinear the same scale and zero point.");
        double ratio = (double)read.Scales[0] / stored.Scales[0];
        double shift = read.Scales[0] * (double)((stored.Zeros?[0] ?? 0) - (read.Zeros?[0] ?? 0));
        if (ratio != 1)
            x = c.Mul(x, c.Scalar((float)ratio));
        return shift == 0 ? x : c.Add(x, c.Scalar((float)shift));
    }

    /// <summary>
    /// Makes reals the value of an output that is stored as integers: as the reals themselves, clamped, where they are only read back.
    /// </summary>
    public static void Store(ImportContext c, int output, Tensor x, StoredForm form)
    {
        if (!c.WantsOutput(output))
            return;
        string name = c.Node.Proto.Output[output];
        if (!x.IsConstant && form.IsConstant && form.IsPerTensor && form.BlockSize == 0 && c.StandsForReals(name))
        {
            Remember(c, name, form);
            c.Forms[name] = form;
            c.Output(output, Saturated(c, x, form));
            return;
        }
        Tensor point = form.Zero is null ? c.Scalar(0f) : c.Cast(Aligned(c, form.Zero, x.Shape, form), ElementType.Float32);
        c.Output(output, Rounded(c, x, Aligned(c, form.Scale, x.Shape, form), point, form.OnnxType));
    }

    /// <summary>
    /// Reals clamped to what their integers can hold. Quantizers drop a Relu or Clip whose work this does. Bounds beyond which nothing lies
    /// by more than rounding are left out.
    /// </summary>
    private static Tensor Saturated(ImportContext c, Tensor x, StoredForm form) =>
        form.Integers is var (low, high) ? Clamped(c, x, form, low, high) : x;

    /// <summary>Reals clamped to what a range of integers of a form stands for.</summary>
    public static Tensor Clamped(ImportContext c, Tensor x, StoredForm form, long low, long high)
    {
        float scale = form.Scales[0];
        if (!float.IsFinite(scale) || scale <= 0)
            throw new UnsupportedOperatorException(
                $"A scale of {scale} is not possible.", "Quantize the model again; every scale must be a positive number.");
        long zero = form.Zeros?[0] ?? 0;
        (float least, float most) = (scale * (low - zero), scale * (high - zero));
        var bounds = c.Bounds.Of(x);
        if (bounds.Low < least - (scale / 2))
            x = least == 0 ? c.Unary(UnaryKind.Relu, x) : c.Binary(BinaryKind.Maximum, x, c.Scalar(least));
        return bounds.High > most + (scale / 2) ? c.Binary(BinaryKind.Minimum, x, c.Scalar(most)) : x;
    }

    /// <summary>The quantized values that a node only moves have the form of its first operand.</summary>
    public static void Moved(ImportContext c)
    {
        if (c.InMainGraph && QuantizedReaders.Moves(c.Node.Proto) && c.InputCount > 0
            && c.Forms.TryGetValue(c.Node.Proto.Input[0], out StoredForm? form))
            foreach (string output in c.Node.Proto.Output)
                c.Forms[output] = form;
    }

    /// <summary>An operand that is joined with the first one, in that one's form.</summary>
    public static Tensor Alike(ImportContext c, int index) =>
        c.Input(index) is { Type: ElementType.Float32 } x && c.InMainGraph
        && c.Forms.TryGetValue(c.Node.Proto.Input[0], out StoredForm? first)
        && c.Forms.TryGetValue(c.Node.Proto.Input[index], out StoredForm? its) ? Reread(c, x, its, first) : c.Input(index);

    /// <summary>
    /// The form of the node's first operand where that is a quantized value that stands for reals; null for other values.
    /// </summary>
    public static StoredForm? FormOfOperand(ImportContext c) =>
        c.InMainGraph && c.TryInput(0)?.Type == ElementType.Float32 && c.Forms.TryGetValue(c.Node.Proto.Input[0], out StoredForm? form)
        ? form : null;

    private static Tensor Rounded(ImportContext c, Tensor x, Tensor scale, Tensor point, int onnxType)
    {
        if (new StoredForm(scale, null, onnxType).Integers is not var (low, high))
            throw new UnsupportedOperatorException(
                $"Quantization to {TensorLoader.TypeName(onnxType)} cannot be expressed where the integers are used as such.",
                "Use int8 or uint8.");
        Tensor y = c.Add(c.Unary(UnaryKind.Round, c.Binary(BinaryKind.Div, x, scale)), point);
        y = c.Binary(BinaryKind.Minimum, c.Binary(BinaryKind.Maximum, y, c.Scalar((float)low)), c.Scalar((float)high));
        return c.Cast(y, TensorLoader.TypeOf(onnxType));
    }

    /// <summary>One number, or one for each slice along an axis, so that it broadcasts; of blocks one for each element.</summary>
    private static Tensor Aligned(ImportContext c, Tensor values, Shape shape, StoredForm form)
    {
        if (values.Shape.ElementCount == 1)
            return c.Reshape(values, Shape.Scalar);
        int normalized = shape.NormalizeAxis(form.Axis);
        if (form.BlockSize > 0)
        {
            if (values.Shape.Rank != shape.Rank || values.Shape != shape.With(normalized, Blocks(shape[normalized], form.BlockSize)))
                throw new UnsupportedOperatorException(
                    $"Scales {values.Shape} do not suit {shape} in blocks of {form.BlockSize} along axis {form.Axis}.",
                    WeightAdvice);
            return c.Emit(new Gather(normalized), values,
                c.Integers([.. Enumerable.Range(0, c.Listed(shape[normalized])).Select(i => i / form.BlockSize)]));
        }
        if (values.Shape.ElementCount != shape[normalized])
            throw new UnsupportedOperatorException(
                $"{values.Shape.ElementCount} scales do not suit axis {form.Axis} of {shape}.", WeightAdvice);
        return c.Reshape(values, [.. Enumerable.Range(0, shape.Rank).Select(a => a == normalized ? shape[a] : 1)]);
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

    /// <summary>The quantization of a constant in int8 terms; null for other types and for scales that are none.</summary>
    private static Quantization? Quantized(ElementType type, Shape shape, StoredForm form)
    {
        float[] scales = form.Scales;
        long[]? zeros = form.Zeros;
        if (type is not (ElementType.Int8 or ElementType.UInt8) || scales.Any(scale => !float.IsFinite(scale) || scale <= 0)
            || (zeros is not null && zeros.Length != scales.Length))
            return null;
        bool shifts = type == ElementType.UInt8 && form.OnnxType is not (21 or 25); // the integers of 4 and 2 bits are int8 as they are
        long[] points = [.. Enumerable.Range(0, scales.Length).Select(i => (zeros?[i] ?? 0) - (shifts ? 128 : 0))];
        return scales.Length == 1 ? Quantization.PerTensor(scales[0], points[0])
            : scales.Length > 1 && shape.Rank > 0 ? Quantization.PerAxis([.. scales], [.. points], shape.NormalizeAxis(form.Axis)) : null;
    }

    /// <summary>Keeps the quantization of a value of 8 bits by its name.</summary>
    private static void Remember(ImportContext c, string name, StoredForm form)
    {
        if (!form.IsConstant || form.OnnxType is not (2 or 3))
            return;
        if (Quantized(form.OnnxType == UInt8Type ? ElementType.UInt8
            : ElementType.Int8, Shape.Scalar, form with { Axis = 0 }) is not { } quantization)
            return;
        if (c.Quantizations.TryAdd(name, quantization) || c.Quantizations[name].Equals(quantization))
            return;
        c.Findings.Add(new("onnx-two-quantizations", FindingSeverity.Info,
            $"The model quantizes '{name}' in two ways; {c.Quantizations[name]} is taken.",
            "Give each value one quantizer in the quantization-aware training.", c.At.Source) { Operator = c.Node.Type, Tensor = name });
    }
}

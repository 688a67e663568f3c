using EthosU.Graphs;
using EthosU.Import;
using EthosU.Import.Formulas;

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
        return FormOf(c.Input(scale), c.TryInput(zero), onnxType, axis);
    }

    /// <summary>A form with integers of a type, by its number in ONNX; 0 where the model does not say it.</summary>
    public static StoredForm FormOf(Tensor scale, Tensor? zero, int type, int axis = 1) =>
        new(scale, zero, IntegersOf(type), axis) { TypeName = TensorLoader.TypeName(type) };

    private static StoredIntegers? IntegersOf(int type) => type switch
    {
        UInt8Type => new(byte.MinValue, byte.MaxValue, ElementType.UInt8),
        3 => new(sbyte.MinValue, sbyte.MaxValue, ElementType.Int8),
        4 => new(ushort.MinValue, ushort.MaxValue, ElementType.Int32),
        5 => new(short.MinValue, short.MaxValue, ElementType.Int32),
        21 => new(0, 15, ElementType.UInt8),
        22 => new(-8, 7, ElementType.Int8),
        25 => new(0, 3, ElementType.UInt8),
        26 => new(-2, 1, ElementType.Int8),
        _ => null,
    };

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
            c.Forms[c.Node.Proto.Output[0]] = FormOf(one, none, 0);
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
        c.Output(0, Quantizing.Rounded(c, x, scale, point, IntegersOf(UInt8Type)!));
        c.Output(1, scale);
        c.Output(2, c.Cast(point, ElementType.UInt8));
    }

    /// <summary>The reals that an operand stands for whose integers a node reads in a form.</summary>
    public static Tensor Real(ImportContext c, int index, StoredForm form)
    {
        Tensor x = c.Input(index);
        if (x.Type == ElementType.Float32)
            return c.InMainGraph && c.Forms.TryGetValue(c.Node.Proto.Input[index], out StoredForm? stored)
                ? Quantizing.Reread(c, x, stored, form) : x;
        return Quantizing.Reals(c, x, form);
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
            c.Output(output, Quantizing.Saturated(c, x, form));
            return;
        }
        c.Output(output, Quantizing.Stored(c, x, form));
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
        && c.Forms.TryGetValue(c.Node.Proto.Input[index], out StoredForm? its) ? Quantizing.Reread(c, x, its, first) : c.Input(index);

    /// <summary>
    /// The form of the node's first operand where that is a quantized value that stands for reals; null for other values.
    /// </summary>
    public static StoredForm? FormOfOperand(ImportContext c) =>
        c.InMainGraph && c.TryInput(0)?.Type == ElementType.Float32 && c.Forms.TryGetValue(c.Node.Proto.Input[0], out StoredForm? form)
        ? form : null;

    /// <summary>Keeps the quantization of a value of 8 bits by its name.</summary>
    private static void Remember(ImportContext c, string name, StoredForm form)
    {
        if (Quantizing.Keep(c.Quantizations, name, form) is { } kept)
            c.Findings.Add(new("onnx-two-quantizations", FindingSeverity.Info,
                $"The model quantizes '{name}' in two ways; {kept} is taken.",
                "Give each value one quantizer in the quantization-aware training.", c.At.Source)
            {
                Operator = c.Node.Type,
                Tensor = name,
            });
    }
}

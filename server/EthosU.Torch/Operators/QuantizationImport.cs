using EthosU.Graphs;
using EthosU.Import;
using EthosU.Import.Formulas;
using EthosU.Torch.Import;
using EthosU.Torch.Programs;

namespace EthosU.Torch.Operators;

/// <summary>
/// Quantizers of PT2E (pt2-format 6). The network is imported in real numbers: a quantized value that is turned back into reals stands for
/// those reals, clamped to what its integers can hold, and its scale is remembered by name (see <see cref="ImportedModel"/>); quantized
/// constants become reals that carry their quantization. Where integers really leave the network they are computed.
/// </summary>
internal static class QuantizationImport
{
    private const string Tensorwise = "input, scale, zero_point, quant_min, quant_max, dtype",
        Channelwise = "input, scales, zero_points, axis, quant_min, quant_max, dtype", Out = ", *, out_dtype=None";

    public static IEnumerable<OperatorImporter> Operators =>
    [
        .. ((string[])["default", "tensor", "tensor2"]).SelectMany(static overload => (OperatorImporter[])[
            new($"quantized_decomposed.quantize_per_tensor.{overload}", Tensorwise, static c => Quantize(c, PerTensor(c))),
            new($"quantized_decomposed.dequantize_per_tensor.{overload}", Tensorwise + Out, static c => Dequantize(c, PerTensor(c)))]),
        new("quantized_decomposed.quantize_per_channel.default", Channelwise, static c => Quantize(c, PerChannel(c))),
        new("quantized_decomposed.dequantize_per_channel.default", Channelwise + Out, static c => Dequantize(c, PerChannel(c))),
        new("quantized_decomposed.choose_qparams.tensor", "input, quant_min, quant_max, eps, dtype", Choose),
        new("quantized_decomposed.choose_qparams_symmetric.tensor", "input, quant_min, quant_max, eps, dtype", Choose),
        new("aten.fake_quantize_per_tensor_affine.default", "self, scale, zero_point, quant_min, quant_max", static c =>
            Fake(c, new(c.Real("scale"), c.Tensor("zero_point", ElementType.Int32), Integers(c, ScalarType.Unknown)))),
        new("aten.fake_quantize_per_tensor_affine.tensor_qparams", "self, scale, zero_point, quant_min, quant_max", static c =>
            Fake(c, new(c.Real("scale"), c.Tensor("zero_point", ElementType.Int32), Integers(c, ScalarType.Unknown)))),
        new("aten.fake_quantize_per_channel_affine.default", "self, scale, zero_point, axis, quant_min, quant_max", static c =>
            Fake(c, new(c.Real("scale"), c.Tensor("zero_point", ElementType.Int32), Integers(c, ScalarType.Unknown), c.Int("axis")))),
    ];

    private static StoredForm PerTensor(ProgramContext c) => IsDynamic(c) ? Dynamic(c)
        : new(Vector(c, "scale", ElementType.Float32), Vector(c, "zero_point", ElementType.Int32), Integers(c, c.DType("dtype")), 0);

    private static StoredForm PerChannel(ProgramContext c) =>
        new(c.Real("scales"), c.Tensor("zero_points", ElementType.Int32), Integers(c, c.DType("dtype")), c.Int("axis"));

    private static Tensor Vector(ProgramContext c, string name, ElementType type) => c.Reshape(c.Tensor(name, type), Shape.Scalar);

    private static StoredIntegers Integers(ProgramContext c, ScalarType? dtype)
    {
        int low = c.TryInt("quant_min") ?? sbyte.MinValue, high = c.TryInt("quant_max") ?? sbyte.MaxValue;
        ElementType type = dtype switch
        {
            ScalarType.UInt8 => ElementType.UInt8,
            ScalarType.Int8 => ElementType.Int8,
            ScalarType.Int16 or ScalarType.UInt16 or ScalarType.Int32 => ElementType.Int32,
            _ => low >= sbyte.MinValue && high <= sbyte.MaxValue ? ElementType.Int8
                : low >= 0 && high <= byte.MaxValue ? ElementType.UInt8 : ElementType.Int32,
        };
        return low < high ? new(low, high, type)
            : throw new UnsupportedOperatorException($"Integers from {low} to {high} are not possible.", "Quantize the module again.");
    }

    /// <summary>
    /// Scales that are found at run time are left out: the value stands for its reals, and is quantized statically later.
    /// </summary>
    private static void Choose(ProgramContext c)
    {
        string[] names = [.. c.Node.Outputs.SelectMany(ArgumentNames.Of)];
        if (names.Any(name => !c.Scope.Uses.IsScaleOnly(name)))
            throw new UnsupportedOperatorException("A scale that is chosen at run time is computed with.",
                "Quantize statically (is_dynamic=False in the quantizer's configuration).");
        c.Findings.Add(new("torch-dynamic-quantization", FindingSeverity.Warning,
            "The program quantizes this value at run time; here it is taken as real numbers and quantized with a fixed scale.",
            "Quantize statically (is_dynamic=False in the quantizer's configuration) to have the scales as trained.", c.At.Source)
        {
            Operator = c.At.Type,
        });
        c.Dynamic.UnionWith(names);
        c.Result(c.Constant(TensorData.Vector(1f)));
        c.Result(c.Constant(TensorData.Vector(0)));
    }

    private static bool IsDynamic(ProgramContext c) => c.Arg("scale") is Argument.TensorValue scale && c.Dynamic.Contains(scale.Name);

    private static StoredForm Dynamic(ProgramContext c) => new(c.Real("scale"), null, null) { TypeName = "dynamic" };

    private static void Quantize(ProgramContext c, StoredForm form)
    {
        Tensor x = c.Real("input");
        string name = c.Node.Outputs.SelectMany(ArgumentNames.Of).FirstOrDefault("");
        bool read = c.Scope.Uses.StandsForReals(name);
        if (form.Integers is null)
        {
            if (!read)
                throw new UnsupportedOperatorException("Integers of a scale that is chosen at run time are computed with.",
                    "Quantize statically (is_dynamic=False in the quantizer's configuration).");
            c.Result(new Value(new(x) { Form = form }));
            return;
        }
        if (x.IsConstant && form.IsConstant)
        {
            c.Result(Quantizing.Rounded(c, x, form));
            return;
        }
        if (form.IsConstant && form.IsPerTensor && read)
        {
            if (c.Arg("input") is Argument.TensorValue input)
                Remember(c, input.Name, form);
            Remember(c, name, form);
            c.Result(new Value(new(Quantizing.Saturated(c, x, form)) { Form = form }));
            return;
        }
        c.Result(Quantizing.Stored(c, x, form));
    }

    private static void Dequantize(ProgramContext c, StoredForm form)
    {
        Value value = c.Operand("input");
        string name = c.Node.Outputs.SelectMany(ArgumentNames.Of).FirstOrDefault("");
        if (value.Storage.Form is { } stored)
        {
            Remember(c, name, form);
            c.Result(stored.Integers is null ? value.Read(c) : Quantizing.Reread(c, value.Read(c), stored, form));
            return;
        }
        c.Result(Quantizing.Reals(c, value.Read(c), form));
    }

    /// <summary>Rounding and clamping that training puts in; what is left is the clamping and the scale.</summary>
    private static void Fake(ProgramContext c, StoredForm form)
    {
        Tensor x = c.Real("self");
        string name = c.Node.Outputs.SelectMany(ArgumentNames.Of).FirstOrDefault("");
        if (x.IsConstant && form.IsConstant)
        {
            c.Result(Quantizing.Reals(c, Quantizing.Rounded(c, x, form), form));
            return;
        }
        if (!form.IsConstant || !form.IsPerTensor)
            throw new UnsupportedOperatorException("A fake quantization with scales that are computed, or several, cannot be expressed.",
                "Convert the module with convert_pt2e before the export.");
        if (c.Arg("self") is Argument.TensorValue input)
            Remember(c, input.Name, form);
        Remember(c, name, form);
        c.Result(Quantizing.Saturated(c, x, form));
    }

    /// <summary>Keeps the quantization of a value of 8 bits by its name.</summary>
    private static void Remember(ProgramContext c, string name, StoredForm form)
    {
        if (name.Length > 0 && Quantizing.Keep(c.Quantizations, name, form) is { } kept)
            c.Findings.Add(new("torch-two-quantizations", FindingSeverity.Info,
                $"The program quantizes '{name}' in two ways; {kept} is taken.", "Give each value one quantizer.", c.At.Source)
            {
                Operator = c.At.Type,
                Tensor = name,
            });
    }
}

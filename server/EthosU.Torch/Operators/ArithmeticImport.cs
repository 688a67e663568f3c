using EthosU.Graphs;
using EthosU.Import;
using EthosU.Import.Formulas;
using EthosU.Torch.Import;
using EthosU.Torch.Programs;

namespace EthosU.Torch.Operators;

/// <summary>Arithmetic, element by element.</summary>
internal static class ArithmeticImport
{
    private const string Two = "self, other", Scaled = "self, other, alpha=1";

    public static IEnumerable<OperatorImporter> Operators =>
    [
        .. Both("add", Scaled, static c => c.Result(Sum(c, "self", "other", 1))),
        .. Both("sub", Scaled, static c => c.Result(Sum(c, "self", "other", -1))),
        .. Both("subtract", Scaled, static c => c.Result(Sum(c, "self", "other", -1))),
        .. Both("rsub", Scaled, static c => c.Result(Sum(c, "other", "self", -1))),
        .. Both("mul", Two, static c => c.Result(Product(c))), .. Both("multiply", Two, static c => c.Result(Product(c))),
        .. Both("div", Two, static c => c.Result(Arithmetic.Divide(c, c.Real("self"), c.Real("other")))),
        .. Both("divide", Two, static c => c.Result(Arithmetic.Divide(c, c.Real("self"), c.Real("other")))),
        .. Both("true_divide", Two, static c => c.Result(Arithmetic.Divide(c, c.Real("self"), c.Real("other")))),
        new("aten.div.Tensor_mode", "self, other, *, rounding_mode", DivideRounded),
        new("aten.div.Scalar_mode", "self, other, *, rounding_mode", DivideRounded),
        new("aten.divide.Tensor_mode", "self, other, *, rounding_mode", DivideRounded),
        new("aten.floor_divide.default", Two, FloorDivide), new("aten.floor_divide.Scalar", Two, FloorDivide),
        .. Both("remainder", Two, static c => Typed(c, Arithmetic.Remainder)),
        .. Both("fmod", Two, static c => Typed(c, Arithmetic.FloatRemainder)),
        new("aten.pow.Tensor_Scalar", "self, exponent", Power), new("aten.pow.Tensor_Tensor", "self, exponent", Power),
        new("aten.pow.Scalar", "self, exponent", Power), new("aten.float_power.Tensor_Scalar", "self, exponent", RealPower),
        new("aten.float_power.Tensor_Tensor", "self, exponent", RealPower), new("aten.float_power.Scalar", "self, exponent", RealPower),
        new("aten.maximum.default", Two, static c => Typed(c, static (g, a, b) => g.Binary(BinaryKind.Maximum, a, b))),
        new("aten.minimum.default", Two, static c => Typed(c, static (g, a, b) => g.Binary(BinaryKind.Minimum, a, b))),
        new("aten.max.other", Two, static c => Typed(c, static (g, a, b) => g.Binary(BinaryKind.Maximum, a, b))),
        new("aten.min.other", Two, static c => Typed(c, static (g, a, b) => g.Binary(BinaryKind.Minimum, a, b))),
        new("aten.fmax.default", Two, static c => Typed(c, static (g, a, b) => g.Binary(BinaryKind.Maximum, a, b))),
        new("aten.fmin.default", Two, static c => Typed(c, static (g, a, b) => g.Binary(BinaryKind.Minimum, a, b))),
        new("aten.atan2.default", Two, static c => Typed(c, Angle)), new("aten.arctan2.default", Two, static c => Typed(c, Angle)),
        new("aten.hypot.default", Two, static c => Typed(c, static (g, a, b) => g.Unary(UnaryKind.Sqrt, g.Add(g.Mul(a, a), g.Mul(b, b))))),
        new("aten.clamp.default", "self, min=None, max=None", Clamp), new("aten.clip.default", "self, min=None, max=None", Clamp),
        new("aten.clamp.Tensor", "self, min=None, max=None", ClampTensors),
        new("aten.clip.Tensor", "self, min=None, max=None", ClampTensors),
        new("aten.clamp_min.default", "self, min", static c => Bound(c, "min")),
        new("aten.clamp_max.default", "self, max", static c => Bound(c, "max")),
        new("aten.clamp_min.Tensor", "self, min", static c => Bound(c, "min")),
        new("aten.clamp_max.Tensor", "self, max", static c => Bound(c, "max")),
        new("aten.lerp.Scalar", "self, end, weight", Lerp), new("aten.lerp.Tensor", "self, end, weight", Lerp),
        new("aten.addcmul.default", "self, tensor1, tensor2, *, value=1", static c => Combined(c, static (g, a, b) => g.Mul(a, b))),
        new("aten.addcdiv.default", "self, tensor1, tensor2, *, value=1", static c => Combined(c, Arithmetic.Divide)),
        new("aten.copysign.Tensor", Two, static c => Typed(c, static (g, a, b) =>
            g.Mul(g.Unary(UnaryKind.Abs, a), g.Emit(new SelectV2(), g.Emit(new Compare(CompareKind.Less), b, g.Scalar(0f)),
            g.Scalar(-1f), g.Scalar(1f))))),
        new("aten.xlogy.Tensor", Two, static c => Typed(c, static (g, a, b) => g.Emit(new SelectV2(),
            g.Emit(new Compare(CompareKind.Equal), a, g.Scalar(0f)), g.Scalar(0f), g.Mul(a, g.Unary(UnaryKind.Log, b))))),
        .. UnaryImport.Operators,
    ];

    private static OperatorImporter[] Both(string name, string arguments, Action<ProgramContext> import) =>
        [new($"aten.{name}.Tensor", arguments, import), new($"aten.{name}.Scalar", arguments, import)];

    private static void Typed(ProgramContext c, Func<ProgramContext, Tensor, Tensor, Tensor> apply)
    {
        ElementType type = Computed(c);
        c.Result(apply(c, c.Tensor("self", type), c.Tensor("other", type)));
    }

    /// <summary>The type to compute in: that of the result, but 8-bit and truth values are counted with as int32.</summary>
    private static ElementType Computed(ProgramContext c) =>
        c.ResultType() is ElementType.Float32 ? ElementType.Float32 : ElementType.Int32;

    private static Tensor Sum(ProgramContext c, string first, string second, int sign)
    {
        ElementType type = Computed(c);
        Tensor a = c.Tensor(first, type), b = c.Tensor(second, type);
        double alpha = c.Double("alpha");
        if (alpha != 1)
            b = c.Mul(b, c.Literal(alpha, type));
        return sign > 0 ? c.Add(a, b) : c.Sub(a, b);
    }

    private static Tensor Product(ProgramContext c)
    {
        ElementType type = Computed(c);
        return c.Mul(c.Tensor("self", type), c.Tensor("other", type));
    }

    private static Tensor Angle(ProgramContext c, Tensor y, Tensor x)
    {
        if (!Shape.TryBroadcast(y.Shape, x.Shape, out Shape shape))
            throw new UnsupportedOperatorException($"{y.Shape} and {x.Shape} do not broadcast.", "Check the exported program.");
        return c.Emit(new Binary(BinaryKind.Atan2), Movement.Expand(c, y, shape), Movement.Expand(c, x, shape));
    }

    private static void DivideRounded(ProgramContext c)
    {
        switch (c.TryText("rounding_mode"))
        {
            case "floor":
                FloorDivide(c);
                break;
            case "trunc":
                Typed(c, static (g, a, b) => a.Type == ElementType.Float32 ? Truncated(g, Arithmetic.Divide(g, a, b))
                    : g.Binary(BinaryKind.Div, a, b));
                break;
            default:
                c.Result(Arithmetic.Divide(c, c.Real("self"), c.Real("other")));
                break;
        }
    }

    private static void FloorDivide(ProgramContext c) => Typed(c, static (g, a, b) => g.Binary(BinaryKind.FloorDiv, a, b));

    /// <summary>Without its fraction: rounded towards 0.</summary>
    public static Tensor Truncated(ProgramContext c, Tensor x) =>
        c.Mul(c.Unary(UnaryKind.Sign, x), c.Unary(UnaryKind.Floor, c.Unary(UnaryKind.Abs, x)));

    private static void Power(ProgramContext c)
    {
        ElementType type = Computed(c);
        c.Result(Arithmetic.Power(c, c.Tensor("self", type), c.Tensor("exponent", type)));
    }

    private static void RealPower(ProgramContext c) => c.Result(Arithmetic.Power(c, c.Real("self"), c.Real("exponent")));

    private static void Clamp(ProgramContext c)
    {
        Tensor x = c.Tensor("self", Computed(c));
        c.Result(Activations.Clamp(c, x, (float)(c.TryDouble("min") ?? double.NegativeInfinity),
            (float)(c.TryDouble("max") ?? double.PositiveInfinity)));
    }

    private static void ClampTensors(ProgramContext c)
    {
        ElementType type = Computed(c);
        Tensor x = c.Tensor("self", type);
        if (c.Has("min"))
            x = c.Binary(BinaryKind.Maximum, x, c.Tensor("min", type));
        if (c.Has("max"))
            x = c.Binary(BinaryKind.Minimum, x, c.Tensor("max", type));
        c.Result(x);
    }

    private static void Bound(ProgramContext c, string name)
    {
        ElementType type = Computed(c);
        Tensor x = c.Tensor("self", type);
        if (c.Arg(name) is Argument.TensorValue)
            c.Result(c.Binary(name == "min" ? BinaryKind.Maximum : BinaryKind.Minimum, x, c.Tensor(name, type)));
        else
            c.Result(Activations.Clamp(c, x, name == "min" ? c.Float(name) : float.NegativeInfinity,
                name == "max" ? c.Float(name) : float.PositiveInfinity));
    }

    private static void Lerp(ProgramContext c)
    {
        Tensor start = c.Real("self");
        c.Result(c.Add(start, c.Mul(c.Real("weight"), c.Sub(c.Real("end"), start))));
    }

    private static void Combined(ProgramContext c, Func<ProgramContext, Tensor, Tensor, Tensor> combine)
    {
        ElementType type = Computed(c);
        Tensor product = combine(c, c.Tensor("tensor1", type), c.Tensor("tensor2", type));
        double value = c.Double("value");
        c.Result(c.Add(c.Tensor("self", type), value == 1 ? product : c.Mul(product, c.Literal(value, type))));
    }
}

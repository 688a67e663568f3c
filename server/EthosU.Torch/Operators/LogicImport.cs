using EthosU.Graphs;
using EthosU.Import;
using EthosU.Torch.Import;
using EthosU.Torch.Programs;

namespace EthosU.Torch.Operators;

/// <summary>Comparisons, logic and choice.</summary>
internal static class LogicImport
{
    private const string Two = "self, other";

    public static IEnumerable<OperatorImporter> Operators =>
    [
        .. Compared("eq", CompareKind.Equal), .. Compared("ne", CompareKind.NotEqual), .. Compared("not_equal", CompareKind.NotEqual),
        .. Compared("gt", CompareKind.Greater), .. Compared("greater", CompareKind.Greater),
        .. Compared("ge", CompareKind.GreaterEqual), .. Compared("greater_equal", CompareKind.GreaterEqual),
        .. Compared("lt", CompareKind.Less), .. Compared("less", CompareKind.Less), .. Compared("le", CompareKind.LessEqual),
        .. Compared("less_equal", CompareKind.LessEqual),
        .. Bits("and", And), .. Bits("or", Or), .. Bits("xor", Xor),
        new("aten.bitwise_not.default", "self", Invert),
        new("aten.logical_and.default", Two, static c => c.Result(And(c, Truth(c, "self"), Truth(c, "other")))),
        new("aten.logical_or.default", Two, static c => c.Result(Or(c, Truth(c, "self"), Truth(c, "other")))),
        new("aten.logical_xor.default", Two, static c => c.Result(Xor(c, Truth(c, "self"), Truth(c, "other")))),
        new("aten.logical_not.default", "self", static c => c.Result(c.Unary(UnaryKind.LogicalNot, Truth(c, "self")))),
        new("aten.where.self", "condition, self, other", Where), new("aten.where.Scalar", "condition, self, other", Where),
        new("aten.where.ScalarOther", "condition, self, other", Where), new("aten.where.ScalarSelf", "condition, self, other", Where),
        new("aten.masked_fill.Scalar", "self, mask, value", MaskedFill), new("aten.masked_fill.Tensor", "self, mask, value", MaskedFill),
        new("aten.isnan.default", "self", static c =>
        {
            Tensor x = c.Real("self");
            c.Result(c.Emit(new Compare(CompareKind.NotEqual), x, x));
        }),
        new("aten.isinf.default", "self", static c => c.Result(c.Emit(new Compare(CompareKind.Equal),
            c.Unary(UnaryKind.Abs, c.Real("self")), c.Scalar(float.PositiveInfinity)))),
        new("aten.isfinite.default", "self", static c => c.Result(c.Emit(new Compare(CompareKind.LessEqual),
            c.Unary(UnaryKind.Abs, c.Real("self")), c.Scalar(float.MaxValue)))),
        new("aten.heaviside.default", "self, values", static c =>
        {
            Tensor x = c.Real("self"), zero = c.Scalar(0f);
            Tensor step = c.Cast(c.Emit(new Compare(CompareKind.Greater), x, zero), ElementType.Float32);
            c.Result(c.Emit(new SelectV2(), c.Emit(new Compare(CompareKind.Equal), x, zero), c.Real("values"), step));
        }),
    ];

    private static OperatorImporter[] Compared(string name, CompareKind kind)
    {
        return [new($"aten.{name}.Tensor", Two, Import), new($"aten.{name}.Scalar", Two, Import)];

        void Import(ProgramContext c)
        {
            if (kind == CompareKind.Equal && c.Arg("other") is Argument.Real { Value: double.NegativeInfinity }
                && c.Arg("self") is Argument.TensorValue self && Infinities.Of(c, self.Name) is { } known)
            {
                c.Result(known);
                return;
            }
            ElementType type = Common(c, "self", "other");
            c.Result(c.Emit(new Compare(kind), c.Tensor("self", type), c.Tensor("other", type)));
        }
    }

    private static OperatorImporter[] Bits(string name, Func<ProgramContext, Tensor, Tensor, Tensor> apply)
    {
        return [.. ((string[])["Tensor", "Scalar"]).SelectMany(overload => (OperatorImporter[])[
            new($"aten.__{name}__.{overload}", Two, Import), new($"aten.bitwise_{name}.{overload}", Two, Import)])];

        void Import(ProgramContext c)
        {
            ElementType type = c.ResultType();
            if (type != ElementType.Bool && name != "xor")
                throw new UnsupportedOperatorException($"The bitwise {name} of integers cannot be expressed.",
                    "Use truth values (torch.bool), or arithmetic.");
            ElementType computed = type == ElementType.Bool ? type : ElementType.Int32;
            c.Result(apply(c, c.Tensor("self", computed), c.Tensor("other", computed)));
        }
    }

    private static Tensor And(ProgramContext c, Tensor a, Tensor b) => c.Emit(new Binary(BinaryKind.LogicalAnd), a, b);

    private static Tensor Or(ProgramContext c, Tensor a, Tensor b) => c.Emit(new Binary(BinaryKind.LogicalOr), a, b);

    private static Tensor Xor(ProgramContext c, Tensor a, Tensor b) =>
        a.Type == ElementType.Bool ? c.Emit(new Compare(CompareKind.NotEqual), a, b) : c.Emit(new Binary(BinaryKind.BitwiseXor), a, b);

    private static void Invert(ProgramContext c)
    {
        Tensor x = c.Tensor("self");
        c.Result(x.Type == ElementType.Bool ? c.Unary(UnaryKind.LogicalNot, x)
            : c.Emit(new Binary(BinaryKind.BitwiseXor), c.Cast(x, ElementType.Int32), c.Scalar(-1)));
    }

    private static Tensor Truth(ProgramContext c, string name) => c.Tensor(name, ElementType.Bool);

    /// <summary>The type in which two operands are compared.</summary>
    private static ElementType Common(ProgramContext c, string first, string second)
    {
        (ElementType a, ElementType b) = (TypeOf(c.Arg(first)), TypeOf(c.Arg(second)));
        return a == ElementType.Float32 || b == ElementType.Float32 ? ElementType.Float32
            : a == ElementType.Bool && b == ElementType.Bool ? ElementType.Bool : ElementType.Int32;

        ElementType TypeOf(Argument argument) => argument switch
        {
            Argument.TensorValue value => c.Lookup(value.Name).Read(c).Type,
            Argument.Real => ElementType.Float32,
            Argument.Truth => ElementType.Bool,
            _ => ElementType.Int32,
        };
    }

    private static void Where(ProgramContext c)
    {
        ElementType type = c.ResultType();
        Tensor condition = Truth(c, "condition"), self = c.Tensor("self", type), other = c.Tensor("other", type);
        Tensor? chosen = Uniform(condition) is { } known ? known ? self : other : null;
        if (chosen is not null && Shape.TryBroadcast(self.Shape, other.Shape, out Shape shape)
            && Shape.TryBroadcast(shape, condition.Shape, out shape) && shape == chosen.Shape)
            c.Result(chosen);
        else
            c.Result(c.Emit(new SelectV2(), condition, self, other));
    }

    /// <summary>What a condition is everywhere; null where it differs or is computed.</summary>
    private static bool? Uniform(Tensor condition) => condition.Data is not { Count: > 0 } data ? null
        : data.Bytes.Span.IndexOfAnyExcept(data.Bytes.Span[0]) < 0 ? data.Bytes.Span[0] != 0 : null;

    private static void MaskedFill(ProgramContext c)
    {
        ElementType type = c.ResultType();
        c.Result(c.Emit(new SelectV2(), Truth(c, "mask"), c.Tensor("value", type), c.Tensor("self", type)));
    }
}

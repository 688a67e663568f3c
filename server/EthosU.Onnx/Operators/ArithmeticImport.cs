using EthosU.Graphs;
using EthosU.Import.Formulas;

namespace EthosU.Onnx.Operators;

/// <summary>Arithmetic, element by element.</summary>
internal static class ArithmeticImport
{
    public static IEnumerable<(string, Action<ImportContext>)> Operators =>
    [
        ("Add", Plain(BinaryKind.Add)), ("Sub", Plain(BinaryKind.Sub)), ("Mul", Plain(BinaryKind.Mul)), ("Div", Joined(Arithmetic.Divide)),
        ("Pow", Joined(Arithmetic.Power)), ("Mod", Modulo),
        ("Max", Chain(BinaryKind.Maximum)), ("Min", Chain(BinaryKind.Minimum)), ("Sum", Chain(BinaryKind.Add)), ("Mean", Mean),
        ("Abs", Simple(UnaryKind.Abs)), ("Ceil", Simple(UnaryKind.Ceil)), ("Floor", Simple(UnaryKind.Floor)),
        ("Round", Simple(UnaryKind.Round)),
        ("Exp", Simple(UnaryKind.Exp)), ("Log", Simple(UnaryKind.Log)), ("Sqrt", Simple(UnaryKind.Sqrt)), ("Sign", Simple(UnaryKind.Sign)),
        ("Neg", c => c.Output(0, Arithmetic.Negate(c, c.Input(0)))), ("Reciprocal", Reciprocal), ("BitShift", Shift),
        ("BitwiseXor", Plain(BinaryKind.BitwiseXor)), ("BitwiseNot", BitwiseNot),
        ("Cast", Cast), ("CastLike", CastLike),
    ];

    /// <summary>The two operands, lined up for NumPy's broadcasting.</summary>
    public static (Tensor, Tensor) Pair(ImportContext c)
    {
        if (c.Node.Has("axis") && c.Node.Int("broadcast", 0) != 0) // before operator set 7: the second operand starts at this axis
        {
            Tensor a = c.Input(0), b = c.Input(1);
            int behind = a.Shape.Rank - a.Shape.NormalizeAxis(c.Node.Int("axis", 0)) - b.Shape.Rank;
            return (a, c.Reshape(b, new([.. b.Shape, .. Enumerable.Repeat(1, Math.Max(behind, 0))])));
        }
        return (c.Input(0), c.Input(1));
    }

    private static Action<ImportContext> Plain(BinaryKind kind) => c =>
    {
        (Tensor a, Tensor b) = Pair(c);
        c.Output(0, c.Binary(kind, a, b));
    };

    private static Action<ImportContext> Simple(UnaryKind kind) => c =>
    {
        Tensor x = c.Input(0);
        bool whole = x.Type != ElementType.Float32 && (kind is UnaryKind.Ceil or UnaryKind.Floor or UnaryKind.Round);
        bool small = x.Type is ElementType.Int8 or ElementType.UInt8;
        c.Output(0, whole ? x : small ? c.Cast(c.Unary(kind, c.Cast(x, ElementType.Int32)), x.Type) : c.Unary(kind, x));
    };

    private static Action<ImportContext> Joined(Func<ImportContext, Tensor, Tensor, Tensor> apply) => c =>
    {
        (Tensor a, Tensor b) = Pair(c);
        c.Output(0, apply(c, a, b));
    };

    private static void Modulo(ImportContext c)
    {
        (Tensor a, Tensor b) = Pair(c);
        c.Output(0, c.Node.Int("fmod", 0) == 0 ? Arithmetic.Remainder(c, a, b) : Arithmetic.FloatRemainder(c, a, b));
    }

    private static Action<ImportContext> Chain(BinaryKind kind) => c => c.Output(0, Fold(c, kind));

    private static Tensor Fold(ImportContext c, BinaryKind kind)
    {
        Tensor result = c.Input(0);
        for (int i = 1; i < c.InputCount; i++)
            result = c.Binary(kind, result, c.Input(i));
        return result;
    }

    private static void Mean(ImportContext c) =>
        c.Output(0, c.InputCount == 1 ? c.Input(0) : c.Mul(Fold(c, BinaryKind.Add), c.Scalar(1f / c.InputCount)));

    private static void Reciprocal(ImportContext c)
    {
        Tensor x = c.Input(0);
        c.Output(0, c.Emit(new Binary(BinaryKind.Div), c.Scalar(1f), x));
    }

    /// <summary>To the left as a product with a power of two.</summary>
    private static void Shift(ImportContext c)
    {
        Tensor x = c.Input(0), by = c.Input(1);
        c.Output(0, c.Node.Text("direction", "") == "RIGHT"
            ? c.Binary(BinaryKind.RightShift, x, by)
            : c.Cast(c.Mul(c.Cast(x, ElementType.Int32), c.Emit(new Binary(BinaryKind.Pow), c.Scalar(2), c.Cast(by, ElementType.Int32))),
            x.Type));
    }

    /// <summary>All bits turned: exclusive or with −1.</summary>
    private static void BitwiseNot(ImportContext c)
    {
        Tensor x = c.Input(0);
        c.Output(0, c.Cast(c.Emit(new Binary(BinaryKind.BitwiseXor), c.Cast(x, ElementType.Int32), c.Scalar(-1)), x.Type));
    }

    private static void Cast(ImportContext c) =>
        c.Output(0, c.Cast(c.Input(0),
        TensorLoader.TypeOf(c.Node.Text("to", "") is { Length: > 0 } name ? TensorLoader.TypeOf(name) : c.Node.Int("to", 1))));

    private static void CastLike(ImportContext c) => c.Output(0, c.Cast(c.Input(0), c.Input(1).Type));
}

using EthosU.Graphs;

namespace EthosU.Onnx.Operators;

/// <summary>Arithmetic, element by element.</summary>
internal static class ArithmeticImport
{
    public static IEnumerable<(string, Action<ImportContext>)> Operators =>
    [
        ("Add", Plain(BinaryKind.Add)), ("Sub", Plain(BinaryKind.Sub)), ("Mul", Plain(BinaryKind.Mul)), ("Div", Divide), ("Pow", Power),
        ("Mod", Modulo),
        ("Max", Chain(BinaryKind.Maximum)), ("Min", Chain(BinaryKind.Minimum)), ("Sum", Chain(BinaryKind.Add)), ("Mean", Mean),
        ("Abs", Simple(UnaryKind.Abs)), ("Ceil", Simple(UnaryKind.Ceil)), ("Floor", Simple(UnaryKind.Floor)),
        ("Round", Simple(UnaryKind.Round)),
        ("Exp", Simple(UnaryKind.Exp)), ("Log", Simple(UnaryKind.Log)), ("Sqrt", Simple(UnaryKind.Sqrt)), ("Sign", Simple(UnaryKind.Sign)),
        ("Neg", Negate), ("Reciprocal", Reciprocal), ("BitShift", Shift), ("BitwiseXor", Plain(BinaryKind.BitwiseXor)),
        ("BitwiseNot", BitwiseNot),
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

    private static void Divide(ImportContext c)
    {
        (Tensor a, Tensor b) = Pair(c);
        RequireQuotients(a, b);
        if (b.Data is { Type: ElementType.Float32 } data && data.AsSpan<float>().IndexOf(0f) < 0 && !a.IsConstant)
        {
            float[] reciprocals = Array.ConvertAll(data.ToFloatArray(), v => (float)(1.0 / v));
            c.Output(0, c.Mul(a, c.Constant(TensorData.From<float>(b.Shape, reciprocals), "reciprocal")));
            return;
        }
        c.Output(0, c.Binary(BinaryKind.Div, a, b));
    }

    /// <summary>
    /// Refuses integer constants without a quotient: ONNX Runtime folds them too, and the processor's trap would end the program.
    /// </summary>
    private static void RequireQuotients(Tensor a, Tensor b)
    {
        if (b.Type is not (ElementType.Int8 or ElementType.Int16 or ElementType.Int32 or ElementType.Int64) || b.Data is not { } divisors)
            return;
        long[] values = divisors.ToInt64Array();
        if (values.Contains(0))
            throw ImportContext.Unsupported("It divides integers by 0.", "Check the exported model.");
        if (values.Contains(-1) && a.Data is { } dividends && dividends.Type == b.Type
            && dividends.ToInt64Array().Any(static value => value is int.MinValue or long.MinValue))
            throw ImportContext
                .Unsupported("It divides the smallest integer of its type by -1: no integer holds the quotient.",
                "Check the exported model.");
    }

    private static void Power(ImportContext c)
    {
        (Tensor x, Tensor exponent) = Pair(c);
        if (exponent.Type == ElementType.Float32 && x.Type != ElementType.Float32) // computed in reals, given as the base's type
        {
            Tensor real = c.Emit(new Binary(BinaryKind.Pow), c.Cast(x, ElementType.Float32), exponent);
            c.Output(0, c.Cast(real, x.Type));
            return;
        }
        exponent = c.Cast(exponent, x.Type);
        float? power = exponent.Data is { Count: 1 } data ? data.ToFloatArray()[0] : null;
        if (exponent.Shape.Rank > x.Shape.Rank)
            power = null;
        c.Output(0, power switch
        {
            1 => x,
            2 => c.Mul(x, x),
            3 => c.Mul(c.Mul(x, x), x),
            4 => c.Mul(c.Mul(x, x), c.Mul(x, x)),
            0.5f when x.Type == ElementType.Float32 => c.Unary(UnaryKind.Sqrt, x),
            -0.5f when x.Type == ElementType.Float32 => c.Unary(UnaryKind.Rsqrt, x),
            _ => c.Emit(new Binary(BinaryKind.Pow), x, exponent),
        });
    }

    private static void Modulo(ImportContext c)
    {
        (Tensor a, Tensor b) = Pair(c);
        RequireQuotients(a, b);
        Tensor floor = c.Binary(BinaryKind.FloorMod, a, b);
        if (c.Node.Int("fmod", 0) == 0)
        {
            c.Output(0, floor);
            return;
        }
        ElementType type = a.Type;
        if (type is ElementType.Int8 or ElementType.UInt8)
            (a, b) = (c.Cast(a, ElementType.Int32), c.Cast(b, ElementType.Int32));
        Tensor zero = c.Cast(c.Scalar(0f), a.Type); // the sign of the dividend: |a| mod |b|, negated where a < 0
        Tensor size = c.Binary(BinaryKind.FloorMod, c.Unary(UnaryKind.Abs, a), c.Unary(UnaryKind.Abs, b));
        c.Output(0, c.Cast(c.Emit(new SelectV2(), c.Emit(new Compare(CompareKind.Less), a, zero), c.Sub(zero, size), size), type));
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

    private static void Negate(ImportContext c)
    {
        Tensor x = c.Input(0);
        c.Output(0, c.Mul(x, c.Cast(c.Scalar(-1f), x.Type)));
    }

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

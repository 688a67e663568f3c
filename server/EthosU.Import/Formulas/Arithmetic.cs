using EthosU.Graphs;

namespace EthosU.Import.Formulas;

/// <summary>Arithmetic of two operands, element by element, where more than one operator of TensorFlow Lite is behind it.</summary>
public static class Arithmetic
{
    /// <summary>The quotient; by constants as a product with their reciprocals.</summary>
    public static Tensor Divide(GraphEmitter g, Tensor a, Tensor b)
    {
        RequireQuotients(a, b);
        if (b.Data is { Type: ElementType.Float32 } data && data.AsSpan<float>().IndexOf(0f) < 0 && !a.IsConstant)
        {
            float[] reciprocals = Array.ConvertAll(data.ToFloatArray(), v => (float)(1.0 / v));
            return g.Mul(a, g.Constant(TensorData.From<float>(b.Shape, reciprocals), "reciprocal"));
        }
        return g.Binary(BinaryKind.Div, a, b);
    }

    /// <summary>x to a power; constant ones of a few numbers by products and roots.</summary>
    public static Tensor Power(GraphEmitter g, Tensor x, Tensor exponent)
    {
        if (exponent.Type == ElementType.Float32 && x.Type != ElementType.Float32) // computed in reals, given as the base's type
        {
            Tensor real = g.Emit(new Binary(BinaryKind.Pow), g.Cast(x, ElementType.Float32), exponent);
            return g.Cast(real, x.Type);
        }
        exponent = g.Cast(exponent, x.Type);
        float? power = exponent.Data is { Count: 1 } data ? data.ToFloatArray()[0] : null;
        if (exponent.Shape.Rank > x.Shape.Rank)
            power = null;
        return power switch
        {
            1 => x,
            2 => g.Mul(x, x),
            3 => g.Mul(g.Mul(x, x), x),
            4 => g.Mul(g.Mul(x, x), g.Mul(x, x)),
            0.5f when x.Type == ElementType.Float32 => g.Unary(UnaryKind.Sqrt, x),
            -0.5f when x.Type == ElementType.Float32 => g.Unary(UnaryKind.Rsqrt, x),
            _ => g.Emit(new Binary(BinaryKind.Pow), x, exponent),
        };
    }

    /// <summary>The remainder with the divisor's sign (Python's %, torch.remainder).</summary>
    public static Tensor Remainder(GraphEmitter g, Tensor a, Tensor b)
    {
        RequireQuotients(a, b);
        return g.Binary(BinaryKind.FloorMod, a, b);
    }

    /// <summary>The remainder with the dividend's sign (C's fmod): |a| mod |b|, negated where a &lt; 0.</summary>
    public static Tensor FloatRemainder(GraphEmitter g, Tensor a, Tensor b)
    {
        RequireQuotients(a, b);
        ElementType type = a.Type;
        if (type is ElementType.Int8 or ElementType.UInt8)
            (a, b) = (g.Cast(a, ElementType.Int32), g.Cast(b, ElementType.Int32));
        Tensor zero = g.Cast(g.Scalar(0f), a.Type);
        Tensor size = g.Binary(BinaryKind.FloorMod, g.Unary(UnaryKind.Abs, a), g.Unary(UnaryKind.Abs, b));
        return g.Cast(g.Emit(new SelectV2(), g.Emit(new Compare(CompareKind.Less), a, zero), g.Sub(zero, size), size), type);
    }

    /// <summary>−x.</summary>
    public static Tensor Negate(GraphEmitter g, Tensor x) => g.Mul(x, g.Cast(g.Scalar(-1f), x.Type));

    /// <summary>
    /// Refuses integer constants without a quotient: runtimes fold them too, and the processor's trap would end the program.
    /// </summary>
    private static void RequireQuotients(Tensor a, Tensor b)
    {
        if (b.Type is not (ElementType.Int8 or ElementType.Int16 or ElementType.Int32 or ElementType.Int64) || b.Data is not { } divisors)
            return;
        long[] values = divisors.ToInt64Array();
        if (values.Contains(0))
            throw new UnsupportedOperatorException("It divides integers by 0.", "Check the exported model.");
        if (values.Contains(-1) && a.Data is { } dividends && dividends.Type == b.Type
            && dividends.ToInt64Array().Any(static value => value is int.MinValue or long.MinValue))
            throw new UnsupportedOperatorException("It divides the smallest integer of its type by -1: no integer holds the quotient.",
                "Check the exported model.");
    }
}

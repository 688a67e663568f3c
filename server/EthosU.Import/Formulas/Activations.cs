using EthosU.Graphs;

namespace EthosU.Import.Formulas;

/// <summary>Activation functions, element by element.</summary>
public static class Activations
{
    private const float Sixth = 1f / 6;

    /// <summary>x between two numbers; infinite ones, and those at the ends of the numbers, are no bounds.</summary>
    public static Tensor Clamp(GraphEmitter g, Tensor x, float low, float high)
    {
        low = low <= float.MinValue ? float.NegativeInfinity : low;
        high = high >= float.MaxValue ? float.PositiveInfinity : high;
        return x.Type != ElementType.Float32 ? Bounded(g, x, low, high) : (low, high) switch
        {
            (0, 6) => g.Unary(UnaryKind.Relu6, x),
            (0, float.PositiveInfinity) => g.Unary(UnaryKind.Relu, x),
            (-1, 1) => g.Unary(UnaryKind.ReluN1To1, x),
            _ => Bounded(g, x, low, high),
        };
    }

    /// <summary>x above 0, α x below.</summary>
    public static Tensor LeakyRelu(GraphEmitter g, Tensor x, float slope) =>
        float.IsFinite(slope) ? g.Emit(new LeakyRelu(slope), x)
        : throw new UnsupportedOperatorException($"A slope of {slope} is not possible.", "Check the exported model.");

    /// <summary>x above 0, below it x times the slopes: one, one for each channel [N, C, …], or as many as broadcast.</summary>
    public static Tensor ParametricRelu(GraphEmitter g, Tensor x, Tensor slopes)
    {
        int rank = x.Shape.Rank;
        if (slopes.Shape.Rank == 1 && rank > 2 && slopes.Shape[0] == x.Shape[1] && slopes.Shape[0] != 1) // one slope per channel
            slopes = g.Reshape(slopes, [slopes.Shape[0], .. Enumerable.Repeat(1, rank - 2)]);
        return slopes is { Data: { Count: 1 } data } ? LeakyRelu(g, x, data.ToFloatArray()[0]) : g.Emit(new PRelu(), x, slopes);
    }

    /// <summary>γ x above 0, γ α (eˣ − 1) below: ELU with γ = 1, SELU with the two numbers that it is known for.</summary>
    public static Tensor Elu(GraphEmitter g, Tensor x, float alpha, float gamma = 1)
    {
        if (alpha == 1 && gamma == 1)
            return g.Unary(UnaryKind.Elu, x);
        Tensor negative = g.Unary(UnaryKind.Elu, g.Emit(new Binary(BinaryKind.Minimum), x, g.Scalar(0f)));
        Tensor y = g.Add(g.Unary(UnaryKind.Relu, x), g.Mul(negative, g.Scalar(alpha)));
        return gamma == 1 ? y : g.Mul(y, g.Scalar(gamma));
    }

    /// <summary>x above 0, α (e^(x / α) − 1) below.</summary>
    public static Tensor Celu(GraphEmitter g, Tensor x, float alpha)
    {
        if (alpha == 1)
            return g.Unary(UnaryKind.Elu, x);
        Tensor negative = g.Mul(g.Emit(new Binary(BinaryKind.Minimum), x, g.Scalar(0f)), g.Scalar(1 / alpha));
        return g.Add(g.Unary(UnaryKind.Relu, x), g.Mul(g.Unary(UnaryKind.Elu, negative), g.Scalar(alpha)));
    }

    /// <summary>α x + β between 0 and 1. RELU6(x + 3) / 6 later becomes HARD_SWISH beside its own input.</summary>
    public static Tensor HardSigmoid(GraphEmitter g, Tensor x, float alpha, float beta) =>
        Math.Abs(alpha - Sixth) < 1e-3 * Sixth && beta == 0.5f
            ? g.Mul(g.Unary(UnaryKind.Relu6, g.Add(x, g.Scalar(3f))), g.Scalar(Sixth))
            : Bounded(g, g.Add(g.Mul(x, g.Scalar(alpha)), g.Scalar(beta)), 0, 1);

    /// <summary>ln(1 + eˣ) = max(x, 0) + ln(1 + e^−|x|), which does not overflow.</summary>
    public static Tensor Softplus(GraphEmitter g, Tensor x)
    {
        Tensor small = g.Unary(UnaryKind.Exp, g.Mul(g.Unary(UnaryKind.Abs, x), g.Scalar(-1f)));
        return g.Add(g.Unary(UnaryKind.Relu, x), g.Unary(UnaryKind.Log, g.Add(small, g.Scalar(1f))));
    }

    /// <summary>x tanh(softplus(x)).</summary>
    public static Tensor Mish(GraphEmitter g, Tensor x) => g.Mul(x, g.Unary(UnaryKind.Tanh, Softplus(g, x)));

    /// <summary>x / (1 + |x|).</summary>
    public static Tensor Softsign(GraphEmitter g, Tensor x) =>
        g.Emit(new Binary(BinaryKind.Div), x, g.Add(g.Unary(UnaryKind.Abs, x), g.Scalar(1f)));

    /// <summary>x sigmoid(α x).</summary>
    public static Tensor Swish(GraphEmitter g, Tensor x, float alpha = 1) =>
        g.Mul(x, g.Unary(UnaryKind.Logistic, alpha == 1 ? x : g.Mul(x, g.Scalar(alpha))));

    /// <summary>x above a threshold, another number at it and below.</summary>
    public static Tensor Threshold(GraphEmitter g, Tensor x, float threshold, float otherwise = 0)
    {
        Tensor above = g.Emit(new Compare(CompareKind.Greater), x, g.Scalar(threshold));
        return g.Emit(new SelectV2(), above, x, g.Scalar(otherwise));
    }

    /// <summary>
    /// x moved towards 0 by the bias, and 0 between −λ and λ: soft shrinking with bias = λ, hard shrinking with bias = 0.
    /// </summary>
    public static Tensor Shrink(GraphEmitter g, Tensor x, float lambda, float bias)
    {
        Tensor low = g.Emit(new SelectV2(), g.Emit(new Compare(CompareKind.Less), x, g.Scalar(-lambda)), g.Add(x, g.Scalar(bias)),
            g.Scalar(0f));
        return g.Emit(new SelectV2(), g.Emit(new Compare(CompareKind.Greater), x, g.Scalar(lambda)), g.Sub(x, g.Scalar(bias)), low);
    }

    private static Tensor Bounded(GraphEmitter g, Tensor x, float low, float high)
    {
        if (!float.IsNegativeInfinity(low))
            x = g.Binary(BinaryKind.Maximum, x, Number(low));
        if (!float.IsPositiveInfinity(high))
            x = g.Binary(BinaryKind.Minimum, x, Number(high));
        return x;

        Tensor Number(float value) => g.Cast(g.Scalar(value), x.Type);
    }
}

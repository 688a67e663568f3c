using EthosU.Graphs;

namespace EthosU.Onnx.Operators;

/// <summary>Activations.</summary>
internal static class ActivationImport
{
    private const float Sixth = 1f / 6;

    public static IEnumerable<(string, Action<ImportContext>)> Operators =>
    [
        ("Relu", Relu), ("Sigmoid", Simple(UnaryKind.Logistic)), ("Tanh", Simple(UnaryKind.Tanh)),
        ("HardSwish", Simple(UnaryKind.HardSwish)),
        ("LeakyRelu", c => c.Output(0, c.Emit(new LeakyRelu(Slope(c.Node.Float("alpha", 0.01f))), c.Input(0)))),
        ("PRelu", PRelu), ("Clip", Clip), ("Elu", Elu), ("Selu", Selu), ("Celu", Celu), ("HardSigmoid", HardSigmoid),
        ("Softplus", c => c.Output(0, Softplus(c, c.Input(0)))),
        ("Softsign", Softsign), ("Mish", c => c.Output(0, c.Mul(c.Input(0), c.Unary(UnaryKind.Tanh, Softplus(c, c.Input(0)))))),
        ("Gelu", c => c.Output(0, c.Emit(new Gelu(c.Node.Text("approximate", "none") == "tanh"), c.Input(0)))),
        ("BiasGelu", c => c.Output(0, c.Emit(new Gelu(), c.Add(c.Input(0), c.Input(1))))),
        ("FastGelu", c => c.Output(0, c.Emit(new Gelu(true), c.TryInput(1) is { } bias ? c.Add(c.Input(0), bias) : c.Input(0)))),
        ("QuickGelu", c => c.Output(0, Swish(c, c.Node.Float("alpha", 1.702f)))),
        ("Swish", c => c.Output(0, Swish(c, c.Node.Float("alpha", 1)))),
        ("Erf", Erf), ("Softmax", c => Rows(c, new Softmax(1))), ("LogSoftmax", c => Rows(c, new Unary(UnaryKind.LogSoftmax))),
        ("ThresholdedRelu", Thresholded), ("Shrink", Shrink), ("Hardmax", Hardmax),
    ];

    private static Action<ImportContext> Simple(UnaryKind kind) => c => c.Output(0, c.Unary(kind, c.Input(0)));

    private static void Relu(ImportContext c) => c.Output(0, QuantizationImport.FormOfOperand(c) is { IsConstant: true } form
        ? QuantizationImport.Clamped(c, c.Input(0), form, 0, int.MaxValue)
        : c.Unary(UnaryKind.Relu, c.Input(0)));

    private static void PRelu(ImportContext c)
    {
        Tensor slope = c.Input(1);
        int rank = c.Input(0).Shape.Rank;
        if (slope.Shape.Rank == 1 && rank > 2 && slope.Shape[0] == c.Input(0).Shape[1] && slope.Shape[0] != 1) // one slope per channel
            slope = c.Reshape(slope, [slope.Shape[0], .. Enumerable.Repeat(1, rank - 2)]);
        c.Output(0, slope is { Data: { Count: 1 } data } ? c.Emit(new LeakyRelu(Slope(data.ToFloatArray()[0])), c.Input(0))
            : c.Emit(new PRelu(), c.Input(0), slope));
    }

    private static float Slope(float value) =>
        float.IsFinite(value) ? value
        : throw ImportContext.Unsupported($"A slope of {value} is not possible.", "Check the exported model.");

    private static void Clip(ImportContext c)
    {
        Tensor x = c.Input(0);
        if (QuantizationImport.FormOfOperand(c) is { IsConstant: true } form) // bounds of the integers
        {
            long least = c.TryInput(1) is { } lower ? c.Constant(lower, "min").ToInt64Array()[0] : int.MinValue,
                most = c.TryInput(2) is { } upper ? c.Constant(upper, "max").ToInt64Array()[0] : int.MaxValue;
            c.Output(0, QuantizationImport.Clamped(c, x, form, least, most));
            return;
        }
        if (c.TryInput(1) is { IsConstant: false } || c.TryInput(2) is { IsConstant: false })
        {
            if (c.TryInput(1) is { } minimum)
                x = c.Binary(BinaryKind.Maximum, x, minimum);
            c.Output(0, c.TryInput(2) is { } maximum ? c.Binary(BinaryKind.Minimum, x, maximum) : x);
            return;
        }
        float low = Bound(1, "min", float.NegativeInfinity), high = Bound(2, "max", float.PositiveInfinity);
        low = low <= float.MinValue ? float.NegativeInfinity : low;
        high = high >= float.MaxValue ? float.PositiveInfinity : high;
        c.Output(0, x.Type != ElementType.Float32 ? Bounds(c, x, low, high) : (low, high) switch
        {
            (0, 6) => c.Unary(UnaryKind.Relu6, x),
            (0, float.PositiveInfinity) => c.Unary(UnaryKind.Relu, x),
            (-1, 1) => c.Unary(UnaryKind.ReluN1To1, x),
            _ => Bounds(c, x, low, high),
        });

        float Bound(int index, string attribute, float otherwise) => c.TryInput(index) is { } tensor
            ? c.Constant(tensor, attribute).ToFloatArray()[0]
            : c.Node.Float(attribute, otherwise);
    }

    private static Tensor Bounds(ImportContext c, Tensor x, float low, float high)
    {
        if (!float.IsNegativeInfinity(low))
            x = c.Binary(BinaryKind.Maximum, x, Number(low));
        if (!float.IsPositiveInfinity(high))
            x = c.Binary(BinaryKind.Minimum, x, Number(high));
        return x;

        Tensor Number(float value) => c.Cast(c.Scalar(value), x.Type);
    }

    private static void Elu(ImportContext c)
    {
        float alpha = c.Node.Float("alpha", 1);
        Tensor x = c.Input(0);
        c.Output(0, alpha == 1 ? c.Unary(UnaryKind.Elu, x) : ScaledElu(c, x, alpha, 1));
    }

    private static void Selu(ImportContext c) =>
        c.Output(0, ScaledElu(c, c.Input(0), c.Node.Float("alpha", 1.67326319217681884765625f),
        c.Node.Float("gamma", 1.05070102214813232421875f)));

    /// <summary>γ (max(x, 0) + α ELU(min(x, 0))).</summary>
    private static Tensor ScaledElu(ImportContext c, Tensor x, float alpha, float gamma)
    {
        Tensor negative = c.Unary(UnaryKind.Elu, c.Emit(new Binary(BinaryKind.Minimum), x, c.Scalar(0f)));
        Tensor y = c.Add(c.Unary(UnaryKind.Relu, x), c.Mul(negative, c.Scalar(alpha)));
        return gamma == 1 ? y : c.Mul(y, c.Scalar(gamma));
    }

    private static void Celu(ImportContext c)
    {
        float alpha = c.Node.Float("alpha", 1);
        Tensor x = c.Input(0);
        if (alpha == 1)
        {
            c.Output(0, c.Unary(UnaryKind.Elu, x));
            return;
        }
        Tensor negative = c.Mul(c.Emit(new Binary(BinaryKind.Minimum), x, c.Scalar(0f)), c.Scalar(1 / alpha));
        c.Output(0, c.Add(c.Unary(UnaryKind.Relu, x), c.Mul(c.Unary(UnaryKind.Elu, negative), c.Scalar(alpha))));
    }

    private static void HardSigmoid(ImportContext c)
    {
        float alpha = c.Node.Float("alpha", 0.2f), beta = c.Node.Float("beta", 0.5f);
        Tensor x = c.Input(0);
        if (Math.Abs(alpha - Sixth) < 1e-3 * Sixth && beta == 0.5f) // RELU6(x + 3) / 6, which later becomes HARD_SWISH beside its own input
        {
            c.Output(0, c.Mul(c.Unary(UnaryKind.Relu6, c.Add(x, c.Scalar(3f))), c.Scalar(Sixth)));
            return;
        }
        c.Output(0, Bounds(c, c.Add(c.Mul(x, c.Scalar(alpha)), c.Scalar(beta)), 0, 1));
    }

    /// <summary>ln(1 + eˣ) = max(x, 0) + ln(1 + e^−|x|), which does not overflow.</summary>
    public static Tensor Softplus(ImportContext c, Tensor x)
    {
        Tensor small = c.Unary(UnaryKind.Exp, c.Mul(c.Unary(UnaryKind.Abs, x), c.Scalar(-1f)));
        return c.Add(c.Unary(UnaryKind.Relu, x), c.Unary(UnaryKind.Log, c.Add(small, c.Scalar(1f))));
    }

    private static void Softsign(ImportContext c) =>
        c.Output(0, c.Emit(new Binary(BinaryKind.Div), c.Input(0), c.Add(c.Unary(UnaryKind.Abs, c.Input(0)), c.Scalar(1f))));

    private static Tensor Swish(ImportContext c, float alpha)
    {
        Tensor x = c.Input(0);
        return c.Mul(x, c.Unary(UnaryKind.Logistic, alpha == 1 ? x : c.Mul(x, c.Scalar(alpha))));
    }

    private static void Erf(ImportContext c) => c.Output(0, ErfPattern.Express(c, c.Input(0)));

    private static void Rows(ImportContext c, Operator op) => c.Output(0, RowsOf(c, c.Input(0), op, c.Node.Opset));

    /// <summary>An operator of the last axis along the node's axis; before operator set 13 over all axes from there on.</summary>
    public static Tensor RowsOf(ImportContext c, Tensor x, Operator op, long opset)
    {
        int axis = c.Node.Int("axis", opset >= 13 ? -1 : 1);
        if (x.Shape.Rank == 0)
            throw ImportContext.Unsupported("A scalar has no axis to normalize over.", "Check the exported model.");
        axis = axis == x.Shape.Rank ? axis : x.Shape.NormalizeAxis(axis);
        if (opset >= 13 || axis == x.Shape.Rank - 1)
            return NormalizationImport.OnLastAxis(c, x, axis, t => c.Emit(op, t));
        int rows = checked((int)x.Shape.Take(axis).Aggregate(1L, (product, size) => product * size)),
            columns = checked((int)(x.Shape.ElementCount / Math.Max(rows, 1)));
        return axis < x.Shape.Rank && columns == x.Shape[axis]
            ? NormalizationImport.OnLastAxis(c, x, axis, t => c.Emit(op, t))
            : c.Reshape(c.Emit(op, c.Reshape(x, [rows, columns])), x.Shape);
    }

    private static void Thresholded(ImportContext c)
    {
        Tensor x = c.Input(0);
        Tensor above = c.Emit(new Compare(CompareKind.Greater), x, c.Scalar(c.Node.Float("alpha", 1)));
        c.Output(0, c.Emit(new SelectV2(), above, x, c.Scalar(0f)));
    }

    private static void Shrink(ImportContext c)
    {
        float bias = c.Node.Float("bias", 0), lambda = c.Node.Float("lambd", 0.5f);
        Tensor x = c.Input(0);
        Tensor low = c.Emit(new SelectV2(), c.Emit(new Compare(CompareKind.Less), x, c.Scalar(-lambda)), c.Add(x, c.Scalar(bias)),
            c.Scalar(0f));
        c.Output(0, c.Emit(new SelectV2(), c.Emit(new Compare(CompareKind.Greater), x, c.Scalar(lambda)), c.Sub(x, c.Scalar(bias)), low));
    }

    private static void Hardmax(ImportContext c)
    {
        Tensor x = c.Input(0);
        int axis = x.Shape.NormalizeAxis(c.Node.Int("axis", c.Node.Opset >= 13 ? -1 : 1));
        if (c.Node.Opset < 13 && axis != x.Shape.Rank - 1)
        {
            int rows = 1;
            for (int i = 0; i < axis; i++)
                rows *= x.Shape[i];
            Tensor flat = c.Reshape(x, [rows, checked((int)(x.Shape.ElementCount / rows))]);
            c.Output(0, c.Reshape(OneHot(c, flat, 1), x.Shape));
            return;
        }
        c.Output(0, OneHot(c, x, axis));
    }

    private static Tensor OneHot(ImportContext c, Tensor x, int axis) => c.Emit(new OneHot(axis),
        c.Emit(new ArgReduce(ArgKind.Max), x, c.Scalar(axis)), c.Scalar(x.Shape[axis]), c.Scalar(1f), c.Scalar(0f));
}

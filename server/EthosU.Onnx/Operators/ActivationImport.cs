using EthosU.Graphs;
using EthosU.Import;
using EthosU.Import.Formulas;

namespace EthosU.Onnx.Operators;

/// <summary>Activations.</summary>
internal static class ActivationImport
{
    public static IEnumerable<(string, Action<ImportContext>)> Operators =>
    [
        ("Relu", Relu), ("Sigmoid", Simple(UnaryKind.Logistic)), ("Tanh", Simple(UnaryKind.Tanh)),
        ("HardSwish", Simple(UnaryKind.HardSwish)),
        ("LeakyRelu", Of((c, x) => Activations.LeakyRelu(c, x, c.Node.Float("alpha", 0.01f)))),
        ("PRelu", c => c.Output(0, Activations.ParametricRelu(c, c.Input(0), c.Input(1)))), ("Clip", Clip),
        ("Elu", Of((c, x) => Activations.Elu(c, x, c.Node.Float("alpha", 1)))),
        ("Selu", Of((c, x) => Activations.Elu(c, x, c.Node.Float("alpha", 1.67326319217681884765625f),
            c.Node.Float("gamma", 1.05070102214813232421875f)))),
        ("Celu", Of((c, x) => Activations.Celu(c, x, c.Node.Float("alpha", 1)))),
        ("HardSigmoid", Of((c, x) => Activations.HardSigmoid(c, x, c.Node.Float("alpha", 0.2f), c.Node.Float("beta", 0.5f)))),
        ("Softplus", Of(Activations.Softplus)), ("Softsign", Of(Activations.Softsign)), ("Mish", Of(Activations.Mish)),
        ("Gelu", c => c.Output(0, c.Emit(new Gelu(c.Node.Text("approximate", "none") == "tanh"), c.Input(0)))),
        ("BiasGelu", c => c.Output(0, c.Emit(new Gelu(), c.Add(c.Input(0), c.Input(1))))),
        ("FastGelu", c => c.Output(0, c.Emit(new Gelu(true), c.TryInput(1) is { } bias ? c.Add(c.Input(0), bias) : c.Input(0)))),
        ("QuickGelu", Of((c, x) => Activations.Swish(c, x, c.Node.Float("alpha", 1.702f)))),
        ("Swish", Of((c, x) => Activations.Swish(c, x, c.Node.Float("alpha", 1)))),
        ("Erf", Of(ErrorFunction.Of)), ("Softmax", c => Rows(c, new Softmax(1))),
        ("LogSoftmax", c => Rows(c, new Unary(UnaryKind.LogSoftmax))),
        ("ThresholdedRelu", Of((c, x) => Activations.Threshold(c, x, c.Node.Float("alpha", 1)))),
        ("Shrink", Of((c, x) => Activations.Shrink(c, x, c.Node.Float("lambd", 0.5f), c.Node.Float("bias", 0)))), ("Hardmax", Hardmax),
    ];

    private static Action<ImportContext> Of(Func<ImportContext, Tensor, Tensor> apply) => c => c.Output(0, apply(c, c.Input(0)));

    private static Action<ImportContext> Simple(UnaryKind kind) => Of((c, x) => c.Unary(kind, x));

    private static void Relu(ImportContext c) => c.Output(0, QuantizationImport.FormOfOperand(c) is { IsConstant: true } form
        ? Quantizing.Clamped(c, c.Input(0), form, 0, int.MaxValue)
        : c.Unary(UnaryKind.Relu, c.Input(0)));

    private static void Clip(ImportContext c)
    {
        Tensor x = c.Input(0);
        if (QuantizationImport.FormOfOperand(c) is { IsConstant: true } form) // bounds of the integers
        {
            long least = c.TryInput(1) is { } lower ? ImportContext.First(c.Constant(lower, "min").ToInt64Array(), "min") : int.MinValue,
                most = c.TryInput(2) is { } upper ? ImportContext.First(c.Constant(upper, "max").ToInt64Array(), "max") : int.MaxValue;
            c.Output(0, Quantizing.Clamped(c, x, form, least, most));
            return;
        }
        if (c.TryInput(1) is { IsConstant: false } || c.TryInput(2) is { IsConstant: false })
        {
            if (c.TryInput(1) is { } minimum)
                x = c.Binary(BinaryKind.Maximum, x, minimum);
            c.Output(0, c.TryInput(2) is { } maximum ? c.Binary(BinaryKind.Minimum, x, maximum) : x);
            return;
        }
        c.Output(0, Activations.Clamp(c, x, Bound(1, "min", float.NegativeInfinity), Bound(2, "max", float.PositiveInfinity)));

        float Bound(int index, string attribute, float otherwise) => c.TryInput(index) is not null ? c.Number(index, attribute)
            : c.Node.Float(attribute, otherwise);
    }

    private static void Rows(ImportContext c, Operator op) => c.Output(0, RowsOf(c, c.Input(0), op, c.Node.Set));

    /// <summary>An operator of the last axis along the node's axis, or in older operator sets over all axes from there on.</summary>
    public static Tensor RowsOf(ImportContext c, Tensor x, Operator op, OperatorSet set)
    {
        int axis = c.Node.Int("axis", set.NormalizedAxis);
        if (x.Shape.Rank == 0)
            throw new UnsupportedOperatorException("A scalar has no axis to normalize over.", "Check the exported model.");
        axis = axis == x.Shape.Rank ? axis : x.Shape.NormalizeAxis(axis);
        if (!set.NormalizesRest || axis == x.Shape.Rank - 1)
            return c.OnLastAxis(x, axis, t => c.Emit(op, t));
        int rows = checked((int)x.Shape.Take(axis).Aggregate(1L, (product, size) => product * size)),
            columns = checked((int)(x.Shape.ElementCount / Math.Max(rows, 1)));
        return axis < x.Shape.Rank && columns == x.Shape[axis]
            ? c.OnLastAxis(x, axis, t => c.Emit(op, t))
            : c.Reshape(c.Emit(op, c.Reshape(x, [rows, columns])), x.Shape);
    }

    private static void Hardmax(ImportContext c)
    {
        Tensor x = c.Input(0);
        int axis = x.Shape.NormalizeAxis(c.Node.Int("axis", c.Node.Set.NormalizedAxis));
        if (c.Node.Set.NormalizesRest && axis != x.Shape.Rank - 1)
        {
            int rows = 1;
            for (int i = 0; i < axis; i++)
                rows *= x.Shape[i];
            Tensor flat = c.Reshape(x, [rows, checked((int)(x.Shape.ElementCount / Math.Max(rows, 1)))]);
            c.Output(0, c.Reshape(OneHot(c, flat, 1), x.Shape));
            return;
        }
        c.Output(0, OneHot(c, x, axis));
    }

    private static Tensor OneHot(ImportContext c, Tensor x, int axis) => c.Emit(new OneHot(axis),
        c.Emit(new ArgReduce(ArgKind.Max), x, c.Scalar(axis)), c.Scalar(x.Shape[axis]), c.Scalar(1f), c.Scalar(0f));
}

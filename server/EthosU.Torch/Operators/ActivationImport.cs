using EthosU.Graphs;
using EthosU.Import;
using EthosU.Import.Formulas;
using EthosU.Torch.Import;

namespace EthosU.Torch.Operators;

/// <summary>Activations.</summary>
internal static class ActivationImport
{
    private const float SeluAlpha = 1.67326319217681884765625f, SeluGamma = 1.05070102214813232421875f;

    public static IEnumerable<OperatorImporter> Operators =>
    [
        Of("relu.default", "self", static (c, x) => x.Type == ElementType.Float32 ? c.Unary(UnaryKind.Relu, x)
            : Activations.Clamp(c, x, 0, float.PositiveInfinity), asIs: true),
        Of("relu6.default", "self", static (c, x) => c.Unary(UnaryKind.Relu6, x)),
        Of("sigmoid.default", "self", static (c, x) => c.Unary(UnaryKind.Logistic, x)),
        Of("tanh.default", "self", static (c, x) => c.Unary(UnaryKind.Tanh, x)),
        Of("silu.default", "self", static (c, x) => Activations.Swish(c, x)),
        Of("mish.default", "self", Activations.Mish),
        Of("hardswish.default", "self", static (c, x) => c.Unary(UnaryKind.HardSwish, x)),
        Of("hardsigmoid.default", "self", static (c, x) => Activations.HardSigmoid(c, x, 1f / 6, 0.5f)),
        Of("hardtanh.default", "self, min_val=-1, max_val=1", static (c, x) =>
            Activations.Clamp(c, x, c.Float("min_val"), c.Float("max_val")), asIs: true),
        Of("gelu.default", "self, *, approximate=none", static (c, x) => c.Emit(new Gelu(c.Text("approximate") == "tanh"), x)),
        Of("leaky_relu.default", "self, negative_slope=0.01", static (c, x) => Activations.LeakyRelu(c, x, c.Float("negative_slope"))),
        Of("rrelu.default", "self, lower=0.125, upper=0.3333333333333333, training=False, generator=None", RandomLeaky),
        Of("prelu.default", "self, weight", static (c, x) => Activations.ParametricRelu(c, x, c.Real("weight"))),
        Of("_prelu_kernel.default", "self, weight", static (c, x) => Activations.ParametricRelu(c, x, c.Real("weight"))),
        Of("elu.default", "self, alpha=1, scale=1, input_scale=1", Elu),
        Of("selu.default", "self", static (c, x) => Activations.Elu(c, x, SeluAlpha, SeluGamma)),
        Of("celu.default", "self, alpha=1", static (c, x) => Activations.Celu(c, x, c.Float("alpha"))),
        Of("softplus.default", "self, beta=1, threshold=20", static (c, x) => Softplus(c, x, c.Float("beta"))),
        Of("log_sigmoid.default", "self", static (c, x) => LogSigmoid(c, x)),
        new("aten.log_sigmoid_forward.default", "self", static c =>
        {
            c.Result(LogSigmoid(c, c.Real("self")));
            c.NoResult();
        }),
        Of("hardshrink.default", "self, lambd=0.5", static (c, x) => Activations.Shrink(c, x, c.Float("lambd"), 0)),
        Of("softshrink.default", "self, lambd=0.5", static (c, x) => Activations.Shrink(c, x, c.Float("lambd"), c.Float("lambd"))),
        Of("threshold.default", "self, threshold, value", static (c, x) =>
            Activations.Threshold(c, x, c.Float("threshold"), c.Float("value"))),
        Of("glu.default", "self, dim=-1", Glu),
        Of("softmax.int", "self, dim, dtype=None", Softmax), Of("_softmax.default", "self, dim, half_to_float", Softmax),
        Of("special_softmax.int", "self, dim, dtype=None", Softmax), Of("_safe_softmax.default", "self, dim, dtype=None", Softmax),
        Of("log_softmax.int", "self, dim, dtype=None", LogSoftmax), Of("_log_softmax.default", "self, dim, half_to_float", LogSoftmax),
        Of("special_log_softmax.int", "self, dim, *, dtype=None", LogSoftmax),
    ];

    private static OperatorImporter Of(string target, string arguments, Func<ProgramContext, Tensor, Tensor> apply, bool asIs = false) =>
        new($"aten.{target}", arguments, c => c.Result(apply(c, asIs ? c.Tensor("self") : c.Real("self"))));

    private static Tensor Elu(ProgramContext c, Tensor x)
    {
        float inner = c.Float("input_scale"), alpha = c.Float("alpha"), scale = c.Float("scale");
        if (inner == 1)
            return Activations.Elu(c, x, alpha, scale);
        Tensor negative = c.Unary(UnaryKind.Elu, c.Mul(c.Emit(new Binary(BinaryKind.Minimum), x, c.Scalar(0f)), c.Scalar(inner)));
        return c.Mul(c.Add(c.Unary(UnaryKind.Relu, x), c.Mul(negative, c.Scalar(alpha))), c.Scalar(scale));
    }

    private static Tensor RandomLeaky(ProgramContext c, Tensor x) => c.Flag("training")
        ? throw Refusals.Training("rrelu") : Activations.LeakyRelu(c, x, (c.Float("lower") + c.Float("upper")) / 2);

    /// <summary>Above the threshold it is x, which the exact value differs from by less than rounding where it is large.</summary>
    private static Tensor Softplus(ProgramContext c, Tensor x, float beta)
    {
        Tensor scaled = beta == 1 ? x : c.Mul(x, c.Scalar(beta)), y = Activations.Softplus(c, scaled);
        y = beta == 1 ? y : c.Mul(y, c.Scalar(1 / beta));
        float threshold = c.Float("threshold");
        return threshold >= 10 ? y : c.Emit(new SelectV2(), c.Emit(new Compare(CompareKind.Greater), scaled, c.Scalar(threshold)), x, y);
    }

    private static Tensor LogSigmoid(ProgramContext c, Tensor x) =>
        Arithmetic.Negate(c, Activations.Softplus(c, Arithmetic.Negate(c, x)));

    private static Tensor Glu(ProgramContext c, Tensor x)
    {
        int axis = Axes.Of(c.Int("dim"), x.Shape.Rank), half = x.Shape[axis] / 2;
        if (x.Shape[axis] % 2 != 0)
            throw new UnsupportedOperatorException($"An axis of {x.Shape[axis]} elements has no halves.", "Check the exported program.");
        return c.Mul(c.SliceAxis(x, axis, 0, half), c.Unary(UnaryKind.Logistic, c.SliceAxis(x, axis, half, half)));
    }

    private static Tensor Softmax(ProgramContext c, Tensor x) => OnAxis(c, x, new Softmax(1));

    private static Tensor LogSoftmax(ProgramContext c, Tensor x) => OnAxis(c, x, new Unary(UnaryKind.LogSoftmax));

    private static Tensor OnAxis(ProgramContext c, Tensor x, Operator op) => x.Shape.Rank == 0
        ? c.Reshape(c.Emit(op, c.Reshape(x, [1])), Shape.Scalar)
        : c.OnLastAxis(x, Axes.Of(c.Int("dim"), x.Shape.Rank), rows => c.Emit(op, rows));
}

using EthosU.Arithmetic;
using EthosU.Graphs;

namespace EthosU.Npu.Support;

/// <summary>
/// The real factors that an operator multiplies with (npu-operators 3.1 to 3.8): the hardware has them in fixed point, up to a limit.
/// </summary>
internal static class FactorRules
{
    private const float LargestSigmoidScale = 16;
    private const double Largest = 1L << 31, LargestReduced = 1 << 15;

    /// <summary>Any operator whose tensors are quantized.</summary>
    public static SupportRule Range { get; } = new("npu-gen-factor", Explain,
        "Calibrate with real data: scales that differ so much, or a parameter that is no number, come from tensors that are always zero, "
            + "infinite or NaN.");

    private static string? Explain(Node node)
    {
        foreach ((string what, double factor, double limit) in Of(node))
            if (!double.IsFinite(factor) || Math.Abs(factor) >= limit)
                return FormattableString.Invariant($"{what} is {factor:G4}; the NPU multiplies with numbers below {limit:G10}.");
        return null;
    }

    private static IEnumerable<(string What, double Factor, double Limit)> Of(Node node)
    {
        if (node.Outputs is not [var output, ..] || output.Quantization is not { } to || !Operands.Data(node).Any()
            || Operands.Ifm(node).Quantization is not { } from)
            return [];
        float other = node.TryInput(1)?.Quantization?.Scale ?? 0;
        double x = from.Scale, y = to.Scale, second = other;
        bool wide = Operands.Ifm(node).Type == ElementType.Int16;
        return node.Operator switch
        {
            Conv2D or DepthwiseConv2D or TransposeConv or FullyConnected =>
                (Operands.Weights(node)?.Quantization?.Scales ?? [])
                .Select(w => ("The quotient of input, weight and output scale", x * w / y,
                    wide && Operands.Bias(node)?.Type != ElementType.Int32 ? LargestReduced : Largest)),
            Binary { Kind: BinaryKind.Mul } or BatchMatMul => One("The quotient of the operands' scales and the output's", x * second / y),
            Binary { Kind: BinaryKind.SquaredDifference } =>
                One("The quotient of the operands' scales and the output's",
                    OperandFactors.OfSquaredDifference(from.Scale, other, to.Scale, wide).Result),
            LeakyRelu leaky => One("The slope by the quotient of the scales", x * leaky.Alpha / y),
            PRelu => One("The slopes' scale by the quotient of the scales", x * second / y),
            Softmax { Beta: > 0 and var beta } => One("The input's scale by beta", WideSoftmax.InputFactor(from.Scale, beta)),
            Unary { Kind: UnaryKind.HardSwish } => One("The input's scale by 2^15 / 384", x * 32768 / 384),
            Unary { Kind: UnaryKind.Rsqrt } => One("The quotient of the scales", 1 / (Math.Sqrt(x) * y)),
            Unary { Kind: UnaryKind.Logistic or UnaryKind.Tanh } when wide => One("The input's scale by 12288", x * 12288),
            _ => [],
        };
    }

    /// <summary>Sigmoid and tanh of 8 bits: the input of their kernel has 4 whole bits.</summary>
    public static string? SigmoidInput(Node node) => node.Operator is Unary { Kind: UnaryKind.Logistic or UnaryKind.Tanh }
        && node.Input(0) is { Type: ElementType.Int8 or ElementType.UInt8, Quantization.Scale: >= LargestSigmoidScale and var large }
        ? FormattableString
        .Invariant($"'{node.Input(0).Name}' has the scale {large}; TensorFlow Lite's {node.Operator.Name} takes only scales below {LargestSigmoidScale}.")
        : null;

    private static IEnumerable<(string, double, double)> One(string what, double factor) => [(what, factor, Largest)];
}

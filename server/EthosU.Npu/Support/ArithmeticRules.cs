using System.Collections.Immutable;
using EthosU.Arithmetic;
using EthosU.Graphs;

namespace EthosU.Npu.Support;

/// <summary>
/// Where TensorFlow Lite's arithmetic leaves what the accelerator can follow: 32-bit numbers that overflow (the kernels wrap, the
/// accelerator saturates or has more bits), and parameters that the kernels do not look at. Asked last, of nodes that keep all other rules.
/// </summary>
internal static class ArithmeticRules
{
    private const double Limit = 1L << 31, WideLimit = 1L << 39, LargestFactor = 1 << 30, WideLargestFactor = 1 << 7,
        LargestZeroPoint = 1 << 15,
        LeastInverse = 1.0 / (1 << 12), StepsOfUnit = 3 * 4096;

    public static ImmutableArray<SupportRule> All { get; } =
    [
        new("npu-gen-shape", Shape, "Convert the model again: the sizes that it stores contradict each other."),
        new("npu-gen-fixed-output", FixedOutput,
            "Convert the model again; converters give this result the quantization that the kernels assume."),
        new("npu-gen-overflow", Overflow,
            "Calibrate with real data: the scales of this operator's inputs, weights and result do not suit each other."),
    ];

    /// <summary>Results whose stored sizes are not what the operands make.</summary>
    private static string? Shape(Node node)
    {
        ImmutableArray<Shape> shapes;
        switch (node.Operator)
        {
            case Quantize:
                shapes = [node.Input(0).Shape];
                break;
            case Binary or Unary or LeakyRelu or PRelu or Gelu or Softmax or Pool2D or Conv2D or DepthwiseConv2D or Split or SplitV
                or Unpack or Slice
                or StridedSlice or Concatenation or Pack or Pad or PadV2 or MirrorPad or Transpose or ReverseV2 or Tile or BroadcastTo
                or Resize or Gather or GatherNd or DepthToSpace or SpaceToDepth:
                try
                {
                    shapes = [.. ShapeInference.Infer(node.Operator, node.Inputs, node.Outputs.Length).Select(type => type.Shape)];
                }
                catch (InvalidGraphException e)
                {
                    return $"Its operands do not suit each other: {e.Message}";
                }
                break;
            default:
                return null;
        }
        for (int i = 0; i < shapes.Length; i++)
            if (node.Outputs[i].Shape != shapes[i])
                return $"'{node.Outputs[i].Name}' is stored as {node.Outputs[i].Shape}, but {node.Operator.Name} makes {shapes[i]}.";
        return null;
    }

    /// <summary>8-bit results of functions whose kernels write one quantization, whatever the model says.</summary>
    private static string? FixedOutput(Node node)
    {
        Tensor output = node.Output;
        if (output.Quantization is not { } quantization || output.Type is not (ElementType.Int8 or ElementType.UInt8 or ElementType.Int16))
            return null;
        int min = output.Type.IntegerRange().Min;
        (float Scale, int ZeroPoint)? assumed = (node.Operator, output.Type, node.Input(0).Type) switch
        {
            (Unary { Kind: UnaryKind.Logistic }, not ElementType.Int16, _) => (1 / 256f, min),
            (Unary { Kind: UnaryKind.Tanh }, not ElementType.Int16, _) => (1 / 128f, min + 128),
            (Unary { Kind: UnaryKind.LogSoftmax }, not ElementType.Int16, _) => (16 / 256f, min + 255),
            (Softmax, ElementType.Int16, not ElementType.Int16) => (1 / 65536f, min),
            (Softmax, not ElementType.Int16, _) => (1 / 256f, min),
            _ => null,
        };
        return assumed is not { } fixedTo || (Near(quantization.Scale, fixedTo.Scale) && quantization.ZeroPoint == fixedTo.ZeroPoint) ? null
            : FormattableString
            .Invariant($"'{output.Name}' has the scale {quantization.Scale} and zero point {quantization.ZeroPoint}; TensorFlow Lite's {node.Operator.Name} writes {fixedTo.Scale} and {fixedTo.ZeroPoint}.");
    }

    private static bool Near(float a, float b) => MathF.Abs(a - b) <= b * 1e-3f;

    private static string? Overflow(Node node)
    {
        switch (node.Operator)
        {
            case Conv2D or DepthwiseConv2D or TransposeConv or FullyConnected when Operands.Weights(node) is { IsConstant: true } weights:
                return Weighted(node, Operands.Ifm(node), weights, Operands.Bias(node), node.Output.Quantization!.Scale,
                    node.Operator is DepthwiseConv2D ? weights.Shape.Rank - 1 : 0, SumWidth.IsWide(node));
            case FullyConnected:
                return Check(node, (double)node.Input(1).Shape[-1] * Most(node.Input(0)) * Most(node.Input(1)), Product(node));
            case BatchMatMul op:
                Shape a = node.Input(0).Shape;
                return Check(node, (double)(op.AdjX ? a[-2] : a[-1]) * Most(node.Input(0)) * Most(node.Input(1)), Product(node));
            case UnidirectionalSequenceLstm:
                return Recurrent(node);
            case Binary { Kind: BinaryKind.Mul }:
                return Check(node, Most(node.Input(0)) * Most(node.Input(1)), Product(node));
            case Binary { Kind: BinaryKind.SquaredDifference }:
                var squared = OperandFactors.OfSquaredDifference(
                    Scale(node, 0), Scale(node, 1), node.Output.Quantization!.Scale, node.Output.Type == ElementType.Int16);
                double distance = (Most(node.Input(0)) * squared.First + Most(node.Input(1)) * squared.Second) * (1 << squared.Shift);
                return Check(node, distance * distance, squared.Result);
            case Binary { Kind: BinaryKind.Add or BinaryKind.Sub }:
                return BelowOne(node, OperandFactors.OfSum(
                    Scale(node, 0), Scale(node, 1), node.Output.Quantization!.Scale, node.Output.Type == ElementType.Int16).Result);
            case PRelu:
                return Check(node, Most(node.Input(0)), Ratio(node))
                    ?? Check(node, Most(node.Input(0)) * Most(node.Input(1)), Product(node));
            case LeakyRelu op:
                return Check(node, Most(node.Input(0)), Ratio(node)) ?? Check(node, Most(node.Input(0)), Math.Abs(op.Alpha) * Ratio(node));
            case Unary { Kind: UnaryKind.HardSwish }:
                return BelowOne(node, Ratio(node) / 128);
            case Unary { Kind: UnaryKind.Rsqrt }:
                // The kernel adds 20 to the shift right of the quotient, of which it takes 31.
                double inverse = 1 / (Math.Sqrt(Scale(node, 0)) * node.Output.Quantization!.Scale);
                return inverse >= LeastInverse ? Check(node, 1, inverse)
                    : FormattableString
                    .Invariant($"'{node.Output.Name}' has the scale {node.Output.Quantization.Scale}, too large for the input's: TensorFlow Lite's RSQRT has no shift for the quotient {inverse:G4}.");
            case Softmax op when node.Input(0).Type == ElementType.Int16:
                return Check(node, ushort.MaxValue, (double)Scale(node, 0) * op.Beta / (10.0 / ushort.MaxValue));
            case Unary { Kind: UnaryKind.Logistic or UnaryKind.Tanh } when node.Output.Type == ElementType.Int16:
                return Check(node, Most(node.Input(0)), Scale(node, 0) * StepsOfUnit);
            case Unary { Kind: UnaryKind.Relu or UnaryKind.ReluN1To1 or UnaryKind.Relu0To1 or UnaryKind.Abs } or Quantize:
                return Check(node, Most(node.Input(0)), Ratio(node));
            case Reduce { Kind: ReduceKind.Mean or ReduceKind.Sum }:
                // A mean's multiplier is divided by the number of elements, as far as a power of two goes by the shift.
                double count = node.Input(0).Shape.ElementCount / (double)Math.Max(1, node.Output.Shape.ElementCount);
                double divisor = node.Operator is Reduce { Kind: ReduceKind.Mean } ? Math.ScaleB(1, Math.ILogB(count)) : 1;
                return Check(node, Most(node.Input(0)) * count, Ratio(node) / divisor);
            default:
                return null;
        }
    }

    /// <summary>The four gates' products and the steps from them to the states.</summary>
    private static string? Recurrent(Node node)
    {
        bool wide = node.Input(0).Type == ElementType.Int16;
        for (int gate = 0; gate < 4; gate++)
            if ((Weighted(node, node.Input(0), node.Input(1 + gate), node.TryInput(12 + gate), 1f / 4096, 0, wide)
                ?? Weighted(node, node.Input(18), node.Input(5 + gate), null, 1f / 4096, 0, wide)) is { } reason)
                return reason;
        double most = 1L << 30;
        return Check(node, most, 1 / (most * node.Input(19).Quantization!.Scale))
            ?? Check(node, most, 1 / (most * node.Input(18).Quantization!.Scale));
    }

    /// <summary>Sums of weights and inputs, channel by channel.</summary>
    private static string? Weighted(Node node, Tensor input, Tensor weights, Tensor? bias, float outputScale, int axis, bool wide)
    {
        int channels = weights.Shape[axis];
        double most = Most(input);
        long[] biases = bias?.Data?.ToInt64Array() ?? [], sums = ChannelSums.Bounds(weights, axis);
        Quantization scales = weights.Quantization!;
        for (int channel = 0; channel < channels; channel++)
        {
            double bound = (sums[channel] * most) + (biases.Length == channels ? Math.Abs((double)biases[channel]) : 0);
            double factor = (double)input.Quantization!.Scale * scales.ScaleAt(channel) / outputScale;
            if (Reason(bound, factor, wide) is { } reason)
            {
                // What is quick to know is enough for most; only where that is too much are the weights added up.
                sums = ChannelSums.Exact(weights, axis);
                bound = (sums[channel] * most) + (biases.Length == channels ? Math.Abs((double)biases[channel]) : 0);
                reason = Reason(bound, factor, wide);
                if (reason is not null)
                    return $"Channel {channel} of the weights '{weights.Name}': {reason}";
            }
        }
        return null;
    }

    private static string? Check(Node node, double bound, double factor) =>
        Reason(bound, factor, wide: false) is { } reason
        ? $"{node.Operator.Name} from {string.Join(", ", Operands.Data(node).Select(t => $"'{t.Name}'"))} to '{node.Output.Name}': {reason}"
        : null;

    private static string? BelowOne(Node node, double factor) => factor < 1 - (1.0 / (1L << 32)) ? null
        : FormattableString
        .Invariant($"'{node.Output.Name}' has the scale {node.Output.Quantization!.Scale}, too small for its inputs': TensorFlow Lite's {node.Operator.Name} refuses the quotient {factor:G4}.");

    /// <summary>Why numbers up to a bound cannot be multiplied with a factor as the kernels do it; null if they can.</summary>
    private static string? Reason(double bound, double factor, bool wide)
    {
        if (!(factor < LargestFactor))
            return FormattableString.Invariant($"the quotient of the scales, {factor:G4}, is too large.");
        if (wide ? bound >= WideLimit : bound >= Limit)
            return FormattableString.Invariant($"sums can reach {bound:G4}, more than {(wide ? 40 : 32)} bits hold.");
        // The kernels shift left before they multiply, and add the zero point after.
        bool fits = (wide ? factor < WideLargestFactor : factor < 0.5 || bound * Math.ScaleB(1, Math.ILogB(factor) + 1) < Limit)
            && (bound * factor) + LargestZeroPoint < Limit;
        return fits ? null
            : FormattableString
            .Invariant($"numbers up to {bound:G4} times the quotient of the scales, {factor:G4}, overflow 32 bits, where TensorFlow Lite wraps around.");
    }

    private static double Ratio(Node node) => (double)Scale(node, 0) / node.Output.Quantization!.Scale;

    private static double Product(Node node) => (double)Scale(node, 0) * Scale(node, 1) / node.Output.Quantization!.Scale;

    private static float Scale(Node node, int input) => node.Input(input).Quantization!.Scale;

    /// <summary>The largest distance of a stored value from the zero point.</summary>
    private static double Most(Tensor tensor)
    {
        (int min, int max) = tensor.Type.IntegerRange();
        double zero = tensor.Quantization!.ZeroPoint;
        return Math.Max(Math.Abs(min - zero), Math.Abs(max - zero));
    }
}

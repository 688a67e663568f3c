using System.Collections.Immutable;
using EthosU.Graphs;

namespace EthosU.Npu.Support;

/// <summary>Rules on reductions, softmax and matrix products (npu-operators 1.11, 1.14 and 1.20).</summary>
internal static class ReductionRules
{
    private const int MaxAxis = 65536, MaxArgDepth = 127, MaxClasses = 4095;

    /// <summary>Up to here the reference's multiplier would not be above 1, which it refuses.</summary>
    private const float LeastLogScale = 1f / (1 << 26);

    private static readonly SupportRule ConstantAxes = new("npu-reduce-const",
        n => n.Input(1).IsConstant ? null : "The axes are computed at run time.", "Use constant axes.");

    private static readonly SupportRule SoftmaxRows = new("npu-softmax-rows",
        n => Rows(n.Input(0).Shape) > MaxAxis ? $"The softmax is over {Rows(n.Input(0).Shape)} rows; the NPU does {MaxAxis}." : null,
        "Split the tensor.");

    /// <summary>MEAN.</summary>
    public static ImmutableArray<SupportRule> Mean { get; } =
    [
        ConstantAxes,
        new("npu-mean-type",
            n => n.Input(0).Type is ElementType.Int8 or ElementType.UInt8 or ElementType.Int16 && n.Output.Type == n.Input(0).Type ? null
            : $"The mean is of {n.Input(0).Type.DisplayName()} to {n.Output.Type.DisplayName()}.", "Use int8 or int16 for both."),
        new("npu-mean-axis", AxisSizes, "Take the mean over one axis after the other, or split the tensor."),
        new("npu-mean-count", MeanCount, "Pool first."),
    ];

    /// <summary>SUM.</summary>
    public static ImmutableArray<SupportRule> Sum { get; } =
        [ConstantAxes, new("npu-sum-axis", AxisSizes, "Split the tensor, or use a mean times a constant.")];

    /// <summary>REDUCE_MAX and REDUCE_MIN.</summary>
    public static ImmutableArray<SupportRule> Extreme { get; } =
    [
        ConstantAxes,
        new("npu-reduce-max-type", n => n.Input(0).Type is ElementType.Int8 or ElementType.Int16 && n.Output.Type == n.Input(0).Type ? null
            : $"{n.Operator.Name} is of {n.Input(0).Type.DisplayName()} to {n.Output.Type.DisplayName()}.", "Use int8 or int16 for both."),
    ];

    /// <summary>ARG_MAX.</summary>
    public static ImmutableArray<SupportRule> ArgMax { get; } =
    [
        new("npu-argmax-type",
            n => n.Input(0).Type is ElementType.Int8 or ElementType.UInt8 && n.Output.Type is ElementType.Int32 or ElementType.Int64 ? null
            : $"The argmax is of {n.Input(0).Type.DisplayName()} data.", "Use int8 at this point, or leave it to the CPU."),
        new("npu-argmax-axis",
            n => n.TryInput(1)?.Data is { } axis && n.Input(0).Shape.NormalizeAxis(axis.ToInt32Array()[0]) == n.Input(0).Shape.Rank - 1
                ? null
            : "The argmax is not over the channels.", "Keep the classes in the channel dimension."),
        new("npu-argmax-depth",
            n => n.Input(0).Shape is { Rank: > 0 } s && s[-1] > MaxArgDepth
                ? $"The argmax is over {s[-1]} classes; the NPU does {MaxArgDepth}." : null,
            "Leave it to the CPU, where it is cheap."),
    ];

    /// <summary>SOFTMAX.</summary>
    public static ImmutableArray<SupportRule> Softmax { get; } =
    [
        new("npu-softmax-type",
            n => n.Input(0).Type == n.Output.Type || (n.Input(0).Type == ElementType.Int8 && n.Output.Type == ElementType.Int16) ? null
            : $"The softmax turns {n.Input(0).Type.DisplayName()} into {n.Output.Type.DisplayName()}.",
            "Use one type for input and output."),
        new("npu-softmax-beta",
            n => n.Operator is Softmax { Beta: var beta } && !(beta >= 0)
                ? FormattableString.Invariant($"The softmax has the factor {beta}.") : null, "Use softmax without a negative factor."),
        new("npu-softmax-depth", n => n.Input(0) is { Type: not ElementType.Int16, Shape: { Rank: > 0 } s } && s[-1] > MaxClasses
            ? $"The softmax is over {s[-1]} classes, whose exponentials can overflow a 32-bit sum; the NPU does {MaxClasses}." : null,
            "Leave the softmax to the application, or normalize in two steps."),
        SoftmaxRows,
    ];

    /// <summary>LOG_SOFTMAX.</summary>
    public static ImmutableArray<SupportRule> LogSoftmax { get; } =
    [
        new("npu-log-softmax-type", n => n.Input(0).Type == ElementType.Int8 && n.Output.Type == ElementType.Int8 ? null
            : $"The log-softmax turns {n.Input(0).Type.DisplayName()} into {n.Output.Type.DisplayName()}; the NPU does int8.",
            "Quantize this part of the model to int8, or leave log_softmax to the application."),
        new("npu-log-softmax-depth", n => n.Input(0).Shape is { Rank: > 0 } s && s[-1] > MaxClasses
            ? $"The log-softmax is over {s[-1]} classes, whose exponentials can overflow a 32-bit sum; the NPU does {MaxClasses}." : null,
            "Drop it where only the largest class counts; otherwise it runs on the CPU."),
        new("npu-log-softmax-scale",
            n => n.Input(0).Quantization is { Scale: <= LeastLogScale and var scale }
                ? FormattableString
                .Invariant($"The log-softmax's input has the scale {scale}; TensorFlow Lite takes only scales above 2^-26.") : null,
            "Calibrate with real data: this tensor was constant."),
        SoftmaxRows,
    ];

    /// <summary>BATCH_MATMUL.</summary>
    public static ImmutableArray<SupportRule> MatrixProduct { get; } =
    [
        new("npu-bmm-type", n => Operands.All(n).All(t => t.Type == ElementType.Int8) ? null
            : $"The matrix product is of {n.Input(0).Type.DisplayName()} and {n.Input(1).Type.DisplayName()} to "
                + $"{n.Output.Type.DisplayName()}; the NPU does int8.",
            "Quantize both operands and the result to int8."),
    ];

    private static long Rows(Shape shape) =>
        shape.Rank == 0 ? 1 : shape.Take(shape.Rank - 1).Aggregate(1L, (product, size) => Math.Min(product * size, long.MaxValue >> 32));

    private static ImmutableArray<int> Axes(Node node)
    {
        Shape shape = node.Input(0).Shape;
        return node.Input(1).Data is { } data ? [.. data.ToInt32Array().Select(a => shape.NormalizeAxis(a)).Distinct()] : [];
    }

    private static string? MeanCount(Node node)
    {
        Shape shape = node.Input(0).Shape;
        long limit = node.Input(0).Type switch { ElementType.Int8 => 1L << 24, ElementType.UInt8 => 1L << 23, _ => 1L << 16 };
        long count = Rows([.. Axes(node).Select(axis => shape[axis]), 1]);
        return count <= limit ? null : $"The mean is of {count} values; the NPU does {limit}.";
    }

    private static string? AxisSizes(Node node)
    {
        // Several axes are summed one after the other.
        Shape shape = node.Input(0).Shape;
        foreach (int axis in Axes(node))
        {
            long before = Rows([.. shape.Take(axis), 1]), behind = Rows([.. shape.Skip(axis + 1), 1]);
            if (shape[axis] > MaxAxis || (axis != shape.Rank - 1 && (before > MaxAxis || behind > MaxAxis)))
            {
                string what = node.Operator is Reduce { Kind: ReduceKind.Mean } ? "mean" : "sum";
                return $"The {what} over axis {axis} of {shape} is too large; the NPU does {MaxAxis} values.";
            }
            shape = shape.With(axis, 1);
        }
        return null;
    }
}

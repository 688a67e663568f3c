using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Npu.Indices;

namespace EthosU.Npu.Support;

/// <summary>Rules on operators that move data (npu-operators 1.12, 1.13, 1.15, 1.17 and 1.20).</summary>
internal static class MovementRules
{
    private const long MaxProduct = 65536;
    private const int MostParts = 4096;

    private static readonly SupportRule SameType = new("npu-move-type",
        n => Operands.All(n).Any(t => t.Type != n.Output.Type) ? $"{n.Operator.Name} changes the type of its data." : null,
        "Use one type for all inputs and the output.");

    private static readonly SupportRule SameQuantization = new("npu-view-quant",
        n => !Equals(n.Input(0).Quantization, n.Output.Quantization) ? $"{n.Operator.Name} changes the quantization of its data." : null,
        "Share one observer between input and output.");

    /// <summary>CONCATENATION and PACK.</summary>
    public static ImmutableArray<SupportRule> Concatenation { get; } = [SameType];

    /// <summary>SPLIT, SPLIT_V and UNPACK.</summary>
    public static ImmutableArray<SupportRule> Split { get; } =
        [SameType, Constant("npu-split-const", [.. "axis sizes".Split(' ')], "Use a constant axis and constant sizes.")];

    /// <summary>SLICE.</summary>
    public static ImmutableArray<SupportRule> Slice { get; } =
        [SameType, Constant("npu-slice-const", ["begin", "size"], "Use constant indices.")];

    /// <summary>STRIDED_SLICE.</summary>
    public static ImmutableArray<SupportRule> StridedSlice { get; } =
    [
        SameType,
        Constant("npu-slice-const", ["begin", "end", "strides"], "Use constant indices."),
        new("npu-sslice-masks", Masks, "Write all dimensions, and do it in two steps: index, then unsqueeze."),
        new("npu-sslice-offset", n => n.Operator is StridedSlice { Offset: true } ? "The end of the slice counts from its begin." : null,
            "Export the model again with a newer converter."),
        new("npu-sslice-stride", SliceStride,
            "Slices go forward; a step over height or width runs, over channels use a 1x1 convolution that selects."),
    ];

    /// <summary>PAD and PADV2.</summary>
    public static ImmutableArray<SupportRule> Pad { get; } =
    [
        SameType,
        new("npu-pad-const", n => n.Inputs.Skip(1).Any(t => t is { IsConstant: false }) ? "The padding is computed at run time." : null,
            "Use constant padding."),
    ];

    /// <summary>MIRROR_PAD.</summary>
    public static ImmutableArray<SupportRule> MirrorPad { get; } =
    [
        SameType,
        new("npu-pad-const", n => n.Input(1).IsConstant ? null : "The padding is computed at run time.", "Use constant padding."),
        new("npu-mirror-pad-size", MirrorSize, "Reflect less than the axis is long, or pad with zeros."),
    ];

    /// <summary>RESHAPE, SQUEEZE and EXPAND_DIMS.</summary>
    public static ImmutableArray<SupportRule> View { get; } = [SameType, SameQuantization];

    /// <summary>TRANSPOSE.</summary>
    public static ImmutableArray<SupportRule> Transpose { get; } =
    [
        SameType, SameQuantization,
        new("npu-transpose-perm", n => n.Input(1).IsConstant ? null : "The permutation is computed at run time.",
            "Use a constant permute."),
        new("npu-transpose-rank",
            n => n.Input(0).Shape.Rank > 8 ? $"The transpose is of {n.Input(0).Shape.Rank} axes; the NPU does 8." : null,
            "Merge axes first."),
        new("npu-transpose-size", TransposeSize,
            "Transpose smaller pieces, transpose before widening to int32, or move the transpose to where the tensor is small."),
    ];

    /// <summary>TILE and BROADCAST_TO.</summary>
    public static ImmutableArray<SupportRule> Tile { get; } =
        [SameType, Constant("npu-tile-const", ["multiples"], "Use constant counts, or torch.cat.")];

    /// <summary>DEPTH_TO_SPACE and SPACE_TO_DEPTH.</summary>
    public static ImmutableArray<SupportRule> Blocks { get; } = [SameType];

    /// <summary>REVERSE_V2.</summary>
    public static ImmutableArray<SupportRule> Reverse { get; } =
        [SameType, new("npu-reverse-axis", ReverseAxis, "Use constant axes for flip.")];

    /// <summary>GATHER and GATHER_ND.</summary>
    public static ImmutableArray<SupportRule> Gather { get; } =
    [
        SameType,
        new("npu-gather-const", GatherConstant, "Let the model take what is picked as its input, and pick it in the application: of an "
            + "embedding, give the model the rows of the table. On the CPU it costs little where it is the first operator."),
        new("npu-gather-parts", GatherParts, "Order the elements so that what is picked lies together, or goes in equal steps."),
    ];

    private static SupportRule Constant(string id, ImmutableArray<string> names, string advice) => new(id, n =>
    {
        (int first, int data) = n.Operator is Split ? (0, 1) : (1, 0);
        for (int i = first; i < n.Inputs.Length; i++)
            if (n.Inputs[i] is { IsConstant: false } tensor && i != data)
                return $"'{tensor.Name}' ({names[Math.Min(i - first, names.Length - 1)]}) is computed at run time.";
        return null;
    }, advice);

    private static string? Masks(Node node)
    {
        if (node.Operator is not StridedSlice slice)
            return null;
        return slice.EllipsisMask != 0 ? "The slice has an ellipsis."
            : slice.NewAxisMask != 0 && slice.ShrinkAxisMask != 0 ? "The slice both adds and removes axes."
            : null;
    }

    private static string? SliceStride(Node node)
    {
        if (node.Operator is not StridedSlice { NewAxisMask: not 0 } slice || ConstantIntegers.Of(node, 3) is not { } steps)
            return null;
        for (int axis = 0; axis < steps.Length; axis++)
            // A single element is the same whatever the step.
            if (steps[axis] != 1 && (slice.ShrinkAxisMask >> axis & 1) == 0 && (slice.NewAxisMask >> axis & 1) == 0)
                return $"The slice of {node.Input(0).Shape} adds an axis and has the step {steps[axis]} along axis {axis}.";
        return null;
    }

    private static string? ReverseAxis(Node node)
    {
        int rank = node.Input(0).Shape.Rank;
        if (ConstantIntegers.Of(node, 1) is not { } axes)
            return "The axes are computed at run time.";
        foreach (long axis in axes)
            if (axis < -rank || axis >= rank)
                return $"{node.Input(0).Shape} has no axis {axis}.";
        return null;
    }

    private static string? GatherConstant(Node node) =>
        ConstantIntegers.Of(node, 1) is null
        ? node.Input(0).IsConstant
            ? $"Rows of the table '{node.Input(0).Name}' {node.Input(0).Shape} are looked up by numbers that only the run time knows; the "
                + "NPU cannot compute addresses."
            : "What is picked is computed at run time; the NPU cannot compute addresses."
        : GatherIndices.Axes(node) is null ? "Each image of the batch has indices of its own."
        : GatherIndices.Of(node) is null ? $"An index lies outside {node.Input(0).Shape}."
        : null;

    private static string? GatherParts(Node node) =>
        GatherIndices.Of(node) is { } indices && GatherIndices.Axes(node) is { Inner: > 1 }
        && IndexRun.Of(indices).Length is > MostParts and var parts ? $"What is picked lies in {parts} parts of equal steps." : null;

    private static string? MirrorSize(Node node)
    {
        if (ConstantIntegers.Of(node, 1) is not { } pads || node.Operator is not MirrorPad pad)
            return null;
        Shape shape = node.Input(0).Shape;
        for (int axis = 0; axis < Math.Min(shape.Rank, pads.Length / 2); axis++)
            if (Math.Max(pads[2 * axis], pads[(2 * axis) + 1]) > shape[axis] - (pad.Symmetric ? 0 : 1))
                return $"Axis {axis} of {shape} is padded by more than there is to reflect.";
        return null;
    }

    private static string? TransposeSize(Node node)
    {
        if (node.TryInput(1)?.Data is not { } data)
            return null;
        Shape shape = node.Input(0).Shape;
        int[] permutation = data.ToInt32Array();
        if (node.Output.Type == ElementType.Int32)
            return TransposeSize32(shape, permutation);
        if (permutation.Select((p, i) => p == i).All(same => same) || Spatial(shape))
            return null;
        return Others(shape) ? null : $"The tensor {shape} is too large to transpose by [{string.Join(", ", permutation)}].";
    }

    // At most three axes are larger than 1; each is checked by the rule on dimensions.
    private static bool Spatial(Shape shape) => shape.Take(Math.Max(0, shape.Rank - 3)).All(size => size == 1);

    private static bool Others(Shape shape)
    {
        for (int a = 0; a < shape.Rank; a++)
            for (int b = a + 1; b < shape.Rank; b++)
            {
                long product = 1;
                for (int axis = 0; axis < shape.Rank; axis++)
                    if (axis != a && axis != b)
                        product *= shape[axis];
                if (product > MaxProduct)
                    return false;
            }
        return true;
    }

    private static string? TransposeSize32(Shape shape, int[] permutation)
    {
        if (shape.Rank > 4)
            return $"The transpose is of {shape.Rank} axes in 32 bits; the NPU does 4.";
        int pad = 4 - shape.Rank;
        int[] p = [.. Enumerable.Range(0, pad), .. permutation.Select(i => i + pad)];
        var (n, h, w, c) = Operands.Nhwc(shape)!.Value;
        bool fits = p switch
        {
            [0, 1, 2, 3] => c <= 1 << 15,
            [0, 2, 1, 3] => n == 1 && h <= MaxProduct && w <= MaxProduct && c <= 1 << 14,
            [0, 1, 3, 2] => (long)n * h <= MaxProduct && w <= MaxProduct && c <= MaxProduct,
            _ => false,
        };
        return fits ? null : $"The NPU does not transpose the 32-bit tensor {shape} by [{string.Join(", ", permutation)}].";
    }
}

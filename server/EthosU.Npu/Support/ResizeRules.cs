using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Npu.Indices;

namespace EthosU.Npu.Support;

/// <summary>Rules on RESIZE_BILINEAR and RESIZE_NEAREST_NEIGHBOR (npu-operators 1.16).</summary>
internal static class ResizeRules
{
    private const int MostRuns = 128;

    /// <summary>Both operators.</summary>
    public static ImmutableArray<SupportRule> All { get; } =
    [
        new("npu-resize-type", n => n.Input(0).Type == n.Output.Type ? null : "The resize changes the type of its data.",
            "Use one type for input and output."),
        new("npu-resize-const", n => n.Input(1).IsConstant ? null : "The size is computed at run time.", "Use a fixed output size."),
        new("npu-resize-both",
            n => n.Operator is Resize { AlignCorners: true, HalfPixelCenters: true }
                ? "The resize has aligned corners and half-pixel centres together." : null, "Choose one of the two."),
        new("npu-resize-factor", Factor, "Use int8 for this layer, or a smaller image."),
        new("npu-resize-half-pixel", HalfPixel, "Use int8 for this layer, or a factor of 2, 4 or 8."),
    ];

    private static string? Factor(Node node) => node.Operator is not Resize resize || IsDone(node, resize) || !HasSteps(node, resize)
        ? null
        : node.Output.Type != ElementType.Int8
        ? resize.HalfPixelCenters ? null : $"The bilinear resize from {Size(node.Input(0))} to {Size(node.Output)} is in "
            + $"{node.Output.Type.DisplayName()}; the NPU does it in int8 only, except for factors of 2, 4 and 8."
        : $"The bilinear resize from {Size(node.Input(0))} to {Size(node.Output)} falls into too many parts of equal steps.";

    private static string? HalfPixel(Node node) => node.Operator is not Resize { HalfPixelCenters: true } resize || IsDone(node, resize)
        || node.Output.Type == ElementType.Int8 ? null
        : $"The bilinear resize from {Size(node.Input(0))} to {Size(node.Output)} with half-pixel centres (align_corners=False) is in "
            + $"{node.Output.Type.DisplayName()}; the NPU does it in int8 only, except for powers of two up to 8.";

    /// <summary>True if the resize repeats elements, or if its weights are few: that is done in any type.</summary>
    private static bool IsDone(Node node, Resize resize)
    {
        Shape from = node.Input(0).Shape, to = node.Output.Shape;
        return resize.Kind == ResizeKind.Nearest || from.Rank != 4 || to.Rank != 4 || (from[1] == 1 && from[2] == 1) || from == to
            || ResizePhases.Of(resize, from, to) is not null || ResizeFactor.Of(resize, from, to) is not null;
    }

    /// <summary>True if sums of weights beyond 8 bits are not to be had in this type, or would take too many operations.</summary>
    private static bool HasSteps(Node node, Resize resize)
    {
        Shape from = node.Input(0).Shape, to = node.Output.Shape;
        return node.Output.Type != ElementType.Int8 || HasManyRuns(from[1], to[1]) || HasManyRuns(from[2], to[2]);

        bool HasManyRuns(int size, int wanted) =>
            BilinearCell.Runs(BilinearCell.Of(size, wanted, resize.AlignCorners, resize.HalfPixelCenters)).Length > MostRuns;
    }

    private static string Size(Tensor tensor) => $"{tensor.Shape[1]} x {tensor.Shape[2]}";
}

using System.Collections.Immutable;
using EthosU.Graphs;

namespace EthosU.Npu.Support;

/// <summary>Rules on RESIZE_BILINEAR and RESIZE_NEAREST_NEIGHBOR (npu-operators 1.16).</summary>
internal static class ResizeRules
{
    /// <summary>Both operators.</summary>
    public static ImmutableArray<SupportRule> All { get; } =
    [
        new("npu-resize-type", n => n.Input(0).Type == n.Output.Type ? null : "The resize changes the type of its data.",
            "Use one type for input and output."),
        new("npu-resize-const", n => n.Input(1).IsConstant ? null : "The size is computed at run time.", "Use a fixed output size."),
        new("npu-resize-both",
            n => n.Operator is Resize { AlignCorners: true, HalfPixelCenters: true }
                ? "The resize has aligned corners and half-pixel centres together." : null, "Choose one of the two."),
        new("npu-resize-factor", Factor, "Use scale_factor 2, 4 or 8, equal in both axes; other factors can be steps of these."),
        new("npu-resize-half-pixel", HalfPixel, "Use align_corners=True, mode='nearest', or repeat a factor of 2."),
    ];

    private static bool IsTrivial(Shape ifm, Shape ofm) => (ifm[1] == 1 && ifm[2] == 1) || ifm == ofm;

    private static string? Factor(Node node)
    {
        Shape ifm = node.Input(0).Shape, ofm = node.Output.Shape;
        if (IsTrivial(ifm, ofm) || node.Operator is not Resize resize)
            return null;
        (int num, int den) Ratio(int axis) => resize.AlignCorners ? (ofm[axis] - 1, ifm[axis] - 1) : (ofm[axis], ifm[axis]);
        bool Unit(int axis) => ifm[axis] == 1 && ofm[axis] == 1;
        int? Whole((int num, int den) r) => r.den > 0 && r.num % r.den == 0 ? r.num / r.den : null;
        int? height = Whole(Ratio(1)), width = Whole(Ratio(2));
        int? factor = Unit(1) ? width : Unit(2) ? height : height == width ? height : null;
        return factor is 2 or 4 or 8 ? null
            : $"The resize goes from {ifm[1]} x {ifm[2]} to {ofm[1]} x {ofm[2]}; the NPU enlarges by 2, 4 and "
                + $"8{(resize.AlignCorners ? " (of size less 1, with aligned corners)" : "")}.";
    }

    private static string? HalfPixel(Node node)
    {
        Shape ifm = node.Input(0).Shape, ofm = node.Output.Shape;
        if (node.Operator is not Resize { Kind: ResizeKind.Bilinear, HalfPixelCenters: true } || IsTrivial(ifm, ofm))
            return null;
        bool Twice(int axis) => ofm[axis] == 2 * ifm[axis];
        return Twice(1) && Twice(2) ? null
            : $"The bilinear resize from {ifm[1]} x {ifm[2]} to {ofm[1]} x {ofm[2]} has half-pixel centres (align_corners=False); the NPU "
                + $"does exactly a factor of 2.";
    }
}

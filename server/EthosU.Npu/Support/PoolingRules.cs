using System.Collections.Immutable;
using EthosU.Graphs;

namespace EthosU.Npu.Support;

/// <summary>Rules on pooling (npu-operators 1.8).</summary>
internal static class PoolingRules
{
    private const int MaxHeight = 256, MaxArea = 256 * 256, MaxPadded = 8, MaxStride = 3;

    /// <summary>AVERAGE_POOL_2D and MAX_POOL_2D.</summary>
    public static ImmutableArray<SupportRule> All { get; } =
    [
        new("npu-pool-type",
            n => n.Input(0).Type != n.Output.Type
                ? $"The input is {n.Input(0).Type.DisplayName()}, the output {n.Output.Type.DisplayName()}." : null,
            "Use one type before and behind the pool."),
        new("npu-pool-stride", Stride, "Use a stride of at most 3, no padding, or two pools."),
        new("npu-avgpool-kernel-padded",
            n => n.Operator is Pool2D { Kind: PoolKind.Average, Padding: Padding.Same } p
                && Math.Max(p.FilterHeight, p.FilterWidth) > MaxPadded && IsPadded(n, p)
                ? $"The padded average pool has a kernel of {p.FilterHeight} x {p.FilterWidth}; the NPU does {MaxPadded} x {MaxPadded}."
                : null,
            "Use padding=0, or a smaller kernel."),
        new("npu-pool-kernel-height",
            n => n.Operator is Pool2D { FilterHeight: > MaxHeight } p
                ? $"The kernel is {p.FilterHeight} rows high; the NPU does {MaxHeight}." : null,
            "Pool in two steps, or use a mean."),
        new("npu-pool-kernel-area",
            n => n.Operator is Pool2D p && (long)p.FilterHeight * p.FilterWidth > MaxArea
                ? $"The kernel is {p.FilterHeight} x {p.FilterWidth}; the NPU does {MaxArea} elements." : null,
            "Pool in two steps."),
    ];

    private static bool IsPadded(Node node, Pool2D pool)
    {
        Shape ifm = node.Input(0).Shape, ofm = node.Output.Shape;
        return (ofm[1] - 1L) * pool.StrideHeight + pool.FilterHeight > ifm[1]
            || (ofm[2] - 1L) * pool.StrideWidth + pool.FilterWidth > ifm[2];
    }

    private static string? Stride(Node node)
    {
        if (node.Operator is not Pool2D p || (p.StrideHeight <= MaxStride && p.StrideWidth <= MaxStride))
            return null;
        bool rowsFit = p.StrideHeight <= MaxStride || node.Output.Shape[1] == 1,
            columnsFit = p.StrideWidth <= MaxStride || node.Output.Shape[2] == 1;
        return p.Padding == Padding.Valid || !IsPadded(node, p) || (rowsFit && columnsFit) ? null
            : $"The stride is {p.StrideHeight} x {p.StrideWidth} with padding; the NPU does up to {MaxStride}.";
    }
}

using EthosU.Npu.Operations;

namespace EthosU.Npu.Scheduling;

/// <summary>Which rows of an operand an operation needs for rows of its result (npu-scheduling 3.5), in numbers for quick use.</summary>
internal readonly struct RowNeed
{
    private readonly int stride, top, kernel, scale, size;

    /// <summary>What an operation needs of an operand.</summary>
    public RowNeed(NpuOp op, FeatureMap map)
    {
        if (op.Kind is NpuOpKind.Elementwise or NpuOpKind.ReduceSum or NpuOpKind.Dma)
        {
            // A single row is needed for all of them.
            (stride, top, kernel, scale) = map.Height == 1 && op.Ofm.Height > 1 ? (0, 0, 1, 1) : (1, 0, 1, 1);
            size = map.Height;
            return;
        }
        (stride, top, kernel) = (op.Kernel.StrideY, op.Padding.Top, op.Kernel.DilatedHeight);
        scale = StripeRules.Granule(op);
        size = map.Height * scale;
    }

    /// <summary>The first row for a row of the result and all behind it.</summary>
    public int First(int result) => Math.Clamp((result * stride) - top, 0, size - 1) / scale;

    /// <summary>The row behind the last one for the rows of the result before another one.</summary>
    public int End(int result) => (Math.Clamp(((result - 1) * stride) - top + kernel, 1, size) + scale - 1) / scale;
}

using EthosU.Npu.Operations;

namespace EthosU.Npu.Scheduling;

/// <summary>
/// How an operation is done a band of rows at a time: which can, what rows of the input a band needs (npu-scheduling 3.5).
/// </summary>
internal static class StripeRules
{
    /// <summary>True if bands of the operation's rows can be computed one after the other.</summary>
    public static bool CanStripe(NpuOp op) => op.Ofm is { Height: > 1, Tiles: null } && IsPlain(op.Ofm.Tensor)
        && op.Reads.All(static map => map.Tiles is null && IsPlain(map.Tensor))
        && op.Kind switch
        {
            NpuOpKind.Dma => true,
            NpuOpKind.Elementwise => op.Ifm.Height == op.Ofm.Height && (op.Ifm2 is null || op.Ifm2.Height == op.Ofm.Height
                || op.Ifm2.Height == 1),
            NpuOpKind.ReduceSum => op.Ifm.Height == op.Ofm.Height && op.Kernel == NpuKernel.Unit && op.Upscale == NpuUpscale.None,
            NpuOpKind.Convolution or NpuOpKind.Depthwise or NpuOpKind.MaxPool or NpuOpKind.AveragePool =>
                op.Upscale == NpuUpscale.None
                || (op.Upscale == NpuUpscale.Nearest && op.Kernel == NpuKernel.Unit && op.Padding.IsEmpty
                && op.Ofm.Height == 2 * op.Ifm.Height),
            _ => false,
        };

    /// <summary>The number of rows of which bands are multiples, but for the last one.</summary>
    public static int Granule(NpuOp op) => op.Upscale == NpuUpscale.None ? 1 : 2;

    /// <summary>Rows of an operand that a band of the result needs: from one to before another.</summary>
    /// <param name="op">The operation.</param>
    /// <param name="map">One of its operands.</param>
    /// <param name="start">First row of the band.</param>
    /// <param name="end">The row behind it.</param>
    public static (int Start, int End) Rows(NpuOp op, FeatureMap map, int start, int end)
    {
        RowNeed need = new(op, map);
        return (need.First(start), need.End(end));
    }

    /// <summary>The operation for a band of its rows.</summary>
    public static NpuOp Slice(NpuOp op, int start, int end)
    {
        if (start == 0 && end == op.Ofm.Height)
            return op;
        NpuPadding padding = op.Padding;
        if (op.Kind is not (NpuOpKind.Elementwise or NpuOpKind.ReduceSum or NpuOpKind.Dma))
        {
            int first = (start * op.Kernel.StrideY) - padding.Top, size = op.Ifm.Height * Granule(op);
            padding = padding with
            {
                Top = Math.Max(0, -first),
                Bottom = Math.Max(0, first + op.Kernel.RowsFor(end - start) - size),
            };
        }
        return op with
        {
            Ifm = Cut(op.Ifm, Rows(op, op.Ifm, start, end)),
            Ifm2 = op.Ifm2 is { } second ? Cut(second, Rows(op, second, start, end)) : null,
            Ofm = Cut(op.Ofm, (start, end)),
            Padding = padding,
        };
    }

    private static FeatureMap Cut(FeatureMap map, (int Start, int End) rows) =>
        map with { Height = rows.End - rows.Start, Offset = map.Offset + (rows.Start * map.StrideY) };

    /// <summary>Recurrent state is read and written in an order that must not change.</summary>
    private static bool IsPlain(NpuTensor tensor) => tensor.Role != NpuTensorRole.Variable;
}

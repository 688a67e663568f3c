using System.Numerics;
using EthosU.Npu.Operations;

namespace EthosU.Simulator;

/// <summary><c>NPU_OP_POOL</c> before the scaling to the output (npu-u85 4.7).</summary>
internal sealed class PoolingRows : IRowSource
{
    private const int AverageBits = 30, PositionBits = 16;
    private readonly Execution run;
    private readonly PoolingOperation operation;
    private readonly RowWindow<long> window;

    public PoolingRows(Execution run, PoolingOperation operation)
    {
        (this.run, this.operation) = (run, operation);
        run.Charge((double)operation.Kernel.Height * operation.Kernel.Width * operation.Ofm.ElementCount
            * (operation.Mode == PoolingMode.ReduceSum ? operation.Ifm.Depth : 1));
        window = new(run, operation, padColumns: false);
    }

    /// <inheritdoc/>
    public void Row(int y, Span<long> target)
    {
        NpuKernel kernel = operation.Kernel;
        int depth = operation.Ofm.Depth, inputs = operation.Ifm.Depth;
        WindowTaps rows = WindowTaps.Inside(y * kernel.StrideY - operation.Padding.Top, kernel.Height, kernel.DilationY,
            operation.VirtualHeight);
        for (int x = 0; x < operation.Ofm.Width; x++)
        {
            run.Step();
            WindowTaps columns = WindowTaps.Inside(x * kernel.StrideX - operation.Padding.Left, kernel.Width, kernel.DilationX,
                operation.VirtualWidth);
            Span<long> place = target.Slice(x * depth, depth);
            place.Fill(Start);
            for (int i = 0; i < rows.Count; i++)
            {
                ReadOnlySpan<long> input = window.Row(rows.First + (i * rows.Step));
                for (int j = 0; j < columns.Count; j++)
                    Add(place, input.Slice((columns.First + (j * columns.Step)) * inputs, inputs), rows.Skipped + i, columns.Skipped + j);
            }
            Finish(place, (long)rows.Count * columns.Count, y, x);
        }
    }

    private long Start => operation.Mode switch
    {
        PoolingMode.Max or PoolingMode.ArgMaxX or PoolingMode.ArgMaxY => long.MinValue,
        PoolingMode.Min => long.MaxValue,
        _ => 0,
    };

    /// <summary>Maxima of positions carry the position in the low bits, the first one winning.</summary>
    private void Add(Span<long> target, ReadOnlySpan<long> pixel, int row, int column)
    {
        switch (operation.Mode)
        {
            case PoolingMode.ReduceSum:
                foreach (long value in pixel)
                    target[0] += value;
                break;
            case PoolingMode.Max:
                for (int c = 0; c < target.Length; c++)
                    target[c] = Math.Max(target[c], pixel[c]);
                break;
            case PoolingMode.Min:
                for (int c = 0; c < target.Length; c++)
                    target[c] = Math.Min(target[c], pixel[c]);
                break;
            case PoolingMode.ArgMaxX or PoolingMode.ArgMaxY:
                int position = operation.Mode == PoolingMode.ArgMaxX ? column : row;
                for (int c = 0; c < target.Length; c++)
                    if (target[c] == long.MinValue || pixel[c] > target[c] >> PositionBits)
                        target[c] = (pixel[c] << PositionBits) | (uint)position;
                break;
            default:
                for (int c = 0; c < target.Length; c++)
                    target[c] += pixel[c];
                break;
        }
    }

    private void Finish(Span<long> target, long count, int y, int x)
    {
        if (operation.Mode is PoolingMode.Sum or PoolingMode.ReduceSum)
            return;
        if (count == 0)
            throw new SimulationStopException(ViolationRules.Unsupported, $"the window of output ({y}, {x}) lies outside of the input");
        FixedPointScale average = operation.Mode == PoolingMode.Average ? Average(count) : FixedPointScale.One;
        for (int c = 0; c < target.Length; c++)
            target[c] = operation.Mode switch
            {
                PoolingMode.Average => Scaling.Apply(target[c], average, operation.Rounding),
                PoolingMode.ArgMaxX or PoolingMode.ArgMaxY =>
                    ((target[c] & ((1 << PositionBits) - 1)) << PositionBits) | (target[c] >> PositionBits & ((1 << PositionBits) - 1)),
                _ => target[c],
            };
    }

    /// <summary>The scale by which hardware divides by the number of elements in a window.</summary>
    private static FixedPointScale Average(long count)
    {
        int k = count == 1 ? 0 : BitOperations.Log2((ulong)count - 1) + 1;
        return new((uint)(((UInt128.One << (AverageBits + k)) + (UInt128.One << k)) / (UInt128)count), AverageBits + k);
    }
}

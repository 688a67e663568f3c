using System.Numerics;
using EthosU.Npu.Operations;

namespace EthosU.Simulator;

/// <summary><c>NPU_OP_POOL</c> (npu-commands 7.5).</summary>
internal static class PoolingKernel
{
    // Sums of so many numbers of 17 bits fit 32 bits.
    private const int NarrowTaps = 1 << 14;

    public static void Run(Execution run, PoolingOperation operation)
    {
        run.Charge((double)operation.Kernel.Height * operation.Kernel.Width * operation.Ofm.ElementCount
            * (operation.Mode == PoolingMode.ReduceSum ? operation.Ifm.Depth : 1));
        if (operation.Mode == PoolingMode.ReduceSum)
            ReduceSum(run, operation);
        else
            Window(run, operation);
    }

    private static void ReduceSum(Execution run, PoolingOperation operation)
    {
        AddressedFeatureMap ifm = operation.Ifm, ofm = operation.Ofm;
        OutputStage stage = new(run, operation);
        RowWindow<int> window = new(run, operation, padColumns: false);
        MapWriter writer = new(run, ofm);
        FixedPointScale scale = operation.OfmScale ?? FixedPointScale.One;
        var row = new int[ofm.Width];
        for (int y = 0; y < ofm.Height; y++)
        {
            run.Step();
            ReadOnlySpan<int> input = window.Row(y);
            for (int x = 0; x < ofm.Width; x++)
            {
                long sum = 0;
                foreach (int value in input.Slice(x * ifm.Depth, ifm.Depth))
                    sum += value;
                row[x] = stage.Finish(Scaling.Apply(sum, scale, operation.Rounding));
            }
            writer.WriteRow<int>(y, row);
        }
    }

    private static void Window(Execution run, PoolingOperation operation)
    {
        AddressedFeatureMap ofm = operation.Ofm;
        NpuKernel kernel = operation.Kernel;
        int depth = ofm.Depth;
        bool isMax = operation.Mode == PoolingMode.Max;
        bool byCount = !isMax && (!operation.Padding.IsEmpty || operation.ScaleMode == OfmScaleMode.PerChannel);
        FixedPointScale scale = operation.OfmScale is { } given && operation.ScaleMode == OfmScaleMode.Global ? given : FixedPointScale.One;
        OutputStage stage = new(run, operation);
        RowWindow<int> window = new(run, operation, padColumns: false);
        MapWriter writer = new(run, ofm);
        bool wide = !isMax && ((long)kernel.Height * kernel.Width > NarrowTaps || operation.Ifm.ElementBytes == 4);
        var narrowSums = new int[depth];
        var wideSums = new long[wide ? depth : 0];
        var row = new int[(long)ofm.Width * depth];
        for (int y = 0; y < ofm.Height; y++)
        {
            WindowTaps rows = WindowTaps.Inside(y * kernel.StrideY - operation.Padding.Top, kernel.Height, kernel.DilationY,
                operation.VirtualHeight);
            for (int x = 0; x < ofm.Width; x++)
            {
                run.Step();
                WindowTaps columns = WindowTaps
                    .Inside(x * kernel.StrideX - operation.Padding.Left, kernel.Width, kernel.DilationX, operation.VirtualWidth);
                narrowSums.AsSpan().Fill(isMax ? int.MinValue : 0);
                wideSums.AsSpan().Clear();
                for (int i = 0; i < rows.Count; i++)
                {
                    ReadOnlySpan<int> input = window.Row(rows.First + i * rows.Step);
                    for (int j = 0; j < columns.Count; j++)
                    {
                        ReadOnlySpan<int> pixel = input.Slice((columns.First + j * columns.Step) * depth, depth);
                        if (isMax)
                            Maximum(narrowSums, pixel);
                        else if (wide)
                            Add(wideSums, pixel);
                        else
                            Add(narrowSums, pixel);
                    }
                }
                long count = (long)rows.Count * columns.Count;
                if (count == 0 && byCount)
                    throw new SimulationStopException(ViolationRules.Unsupported,
                        $"the window of output ({y}, {x}) lies outside of the input");
                FixedPointScale factor = byCount ? Average(count) : scale;
                Span<int> target = row.AsSpan(x * depth, depth);
                for (int c = 0; c < depth; c++)
                {
                    long value = wide ? wideSums[c] : narrowSums[c];
                    target[c] = stage.Finish(factor == FixedPointScale.One ? value : Scaling.Apply(value, factor, operation.Rounding));
                }
            }
            writer.WriteRow<int>(y, row);
        }
    }

    /// <summary>The scale by which hardware divides by the number of elements in a window (npu-commands 7.5.2).</summary>
    internal static FixedPointScale Average(long count)
    {
        int k = count == 1 ? 0 : BitOperations.Log2((ulong)count - 1) + 1;
        UInt128 multiplier = ((UInt128.One << (31 + k)) + (UInt128.One << k)) / (UInt128)count;
        return new((uint)multiplier, 31 + k);
    }

    private static void Maximum(Span<int> target, ReadOnlySpan<int> values)
    {
        int i = 0;
        for (; i <= target.Length - Vector<int>.Count; i += Vector<int>.Count)
            Vector.Max(new Vector<int>(target[i..]), new Vector<int>(values[i..])).CopyTo(target[i..]);
        for (; i < target.Length; i++)
            target[i] = Math.Max(target[i], values[i]);
    }

    private static void Add(Span<int> target, ReadOnlySpan<int> values)
    {
        int i = 0;
        for (; i <= target.Length - Vector<int>.Count; i += Vector<int>.Count)
            (new Vector<int>(target[i..]) + new Vector<int>(values[i..])).CopyTo(target[i..]);
        for (; i < target.Length; i++)
            target[i] += values[i];
    }

    private static void Add(Span<long> target, ReadOnlySpan<int> values)
    {
        for (int i = 0; i < target.Length; i++)
            target[i] += values[i];
    }
}

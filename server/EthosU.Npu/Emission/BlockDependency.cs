using EthosU.Npu.Operations;
using EthosU.Npu.Targets;

namespace EthosU.Npu.Emission;

/// <summary>
/// How far a kernel may overlap its predecessor (npu-commands 8.3): with value b, its job f may run beside the predecessor's g-th last
/// one if f + g &lt; b, so that none of these pairs may touch the same byte unless both read it.
/// </summary>
internal static class BlockDependency
{
    /// <summary>The largest safe value.</summary>
    /// <param name="accelerator">The accelerator.</param>
    /// <param name="previous">The kernel before; null for the first one.</param>
    /// <param name="next">The kernel.</param>
    public static int Find(Accelerator accelerator, KernelOperation? previous, KernelOperation next)
    {
        if (previous is null || (!accelerator.KeepsTables && previous.UsesTable && !next.UsesTable))
            return 0;
        if (!Overlap(previous.Ofm, next.Ifm) && !Overlap(previous.Ofm, Second(next)) && !Overlap(previous.Ofm, next.Ofm)
            && !Overlap(previous.Ifm, next.Ofm) && !Overlap(Second(previous), next.Ofm))
            return accelerator.MaxBlockDependency;
        for (int value = accelerator.MaxBlockDependency; value > 0; value--)
            if (IsSafe(accelerator, previous, next, value))
                return value;
        return 0;
    }

    private static bool IsSafe(Accelerator accelerator, KernelOperation previous, KernelOperation next, int value)
    {
        for (int f = 0; f < value; f++)
        {
            if (Job(accelerator, next, f, fromEnd: false) is not { } job)
                break;
            for (int g = 0; f + g < value; g++)
            {
                if (Job(accelerator, previous, g, fromEnd: true) is not { } last)
                    break;
                if (Hazards.Conflict(job, last))
                    return false;
            }
        }
        return true;
    }

    /// <summary>
    /// Bytes that a job touches; blocks go depth first, then along the width, then along the height. Null if there is no such job.
    /// </summary>
    private static List<Hazards.Access>? Job(Accelerator accelerator, KernelOperation kernel, int number, bool fromEnd)
    {
        AddressedFeatureMap ofm = kernel.Ofm;
        (int blockHeight, int blockWidth, int blockDepth) = (kernel.Block.Height, kernel.Block.Width, kernel.Block.Depth);
        int columns = Divide(ofm.Width, blockWidth), slices = Divide(ofm.Depth, blockDepth);
        long total = (long)Divide(ofm.Height, blockHeight) * columns * slices;
        bool whole = kernel is ConvolutionOperation { IsDepthwise: false } or PoolingOperation { Mode: PoolingMode.ReduceSum };
        int ifmBlockDepth = Math.Min(32 / kernel.Ifm.ElementBytes, Divide(kernel.Ifm.Depth, 8) * 8);
        int parts = whole && !fromEnd ? Divide(kernel.Ifm.Depth, ifmBlockDepth) : 1;
        long block = fromEnd ? total - 1 - number : number / parts;
        if (block < 0 || block >= total)
            return null;
        int part = fromEnd ? 0 : number % parts;
        int c = (int)(block % slices) * blockDepth, x = (int)(block / slices % columns) * blockWidth,
            y = (int)(block / slices / columns) * blockHeight;
        Box output = new(y, x, c, Math.Min(blockHeight, ofm.Height - y), Math.Min(blockWidth, ofm.Width - x),
            Math.Min(blockDepth, ofm.Depth - c));
        List<Hazards.Access> accesses = [];
        Add(accesses, ofm, output, writes: true);
        Box input = kernel is WindowOperation window ? Read(accelerator, window, new(y, x, c, blockHeight, blockWidth, output.Depth))
            : output;
        if (whole)
            input = parts == 1 ? input with { C = 0, Depth = kernel.Ifm.Depth }
                : input with { C = part * ifmBlockDepth, Depth = Math.Min(ifmBlockDepth, kernel.Ifm.Depth - (part * ifmBlockDepth)) };
        Add(accesses, kernel.Ifm, input, writes: false);
        if (Second(kernel) is { } second)
            Add(accesses, second, new(
                second.Height == 1 ? 0 : output.Y, second.Width == 1 ? 0 : output.X, second.Depth == 1 ? 0 : output.C,
                second.Height == 1 ? 1 : output.Height, second.Width == 1 ? 1 : output.Width, second.Depth == 1 ? 1 : output.Depth),
                    writes: false);
        return accesses;
    }

    /// <summary>
    /// What a window operation reads for a block of its output: whole units of rows and columns, also behind the output's end.
    /// </summary>
    private static Box Read(Accelerator accelerator, WindowOperation window, Box block)
    {
        NpuKernel kernel = window.Kernel;
        // Doubled to the nearest, a block may need a row and a column more (npu-scheduling 2.3).
        int scale = window.Upscale == NpuUpscale.None ? 1 : 2, extra = window.Upscale == NpuUpscale.Nearest ? 1 : 0;
        (int y, int endY) = Range((block.Y * kernel.StrideY) - window.Padding.Top,
            kernel.RowsFor(block.Height) + extra, accelerator.IfmMicroBlock.Height, scale, window.Ifm.Height);
        (int x, int endX) = Range((block.X * kernel.StrideX) - window.Padding.Left,
            kernel.ColumnsFor(block.Width) + extra, accelerator.IfmMicroBlock.Width, scale, window.Ifm.Width);
        return block with { Y = y, X = x, Height = endY - y, Width = endX - x };
    }

    private static (int Start, int End) Range(int start, int length, int unit, int scale, int size)
    {
        start = Math.Max(0, start);
        int end = Math.Min(size, (start + (Divide(length, unit) * unit) + scale - 1) / scale);
        start = Math.Min(start / scale, size - 1);
        return (start, Math.Max(end, start + 1));
    }

    private static void Add(List<Hazards.Access> accesses, AddressedFeatureMap map, Box box, bool writes)
    {
        if (map.Tiles.Width0 < map.Width || map.Tiles.Height0 < map.Height || map.Tiles.Height1 < map.Height)
        {
            foreach (StreamRange range in map.Ranges())
                accesses.Add(new(map.Region, range.Address, range.End, writes));
            return;
        }
        // A row at a time: blocks beside each other interleave in memory.
        int lastChannel = box.C + box.Depth - 1;
        for (int y = box.Y; y < box.Y + box.Height; y++)
        {
            long a = map.AddressOf(y, box.X, box.C), b = map.AddressOf(y, box.X + box.Width - 1, box.C);
            long c = map.AddressOf(y, box.X, lastChannel), d = map.AddressOf(y, box.X + box.Width - 1, lastChannel);
            long start = Math.Min(Math.Min(a, b), Math.Min(c, d)), end = Math.Max(Math.Max(a, b), Math.Max(c, d)) + map.ElementBytes;
            if (map.Layout == FeatureMapLayout.Nhcwb16)
                end += 16 * map.ElementBytes;
            accesses.Add(new(map.Region, start, end, writes));
        }
    }

    private static AddressedFeatureMap? Second(KernelOperation kernel) =>
        kernel is ElementwiseOperation { Scalar: null } elementwise ? elementwise.Ifm2 : null;

    private static bool Overlap(AddressedFeatureMap? a, AddressedFeatureMap? b)
    {
        if (a is null || b is null || a.Region != b.Region)
            return false;
        foreach (StreamRange x in a.Ranges())
            foreach (StreamRange y in b.Ranges())
                if (x.Address < y.End && y.Address < x.End)
                    return true;
        return false;
    }

    private static int Divide(int value, int by) => (value + by - 1) / by;

    private readonly record struct Box(int Y, int X, int C, int Height, int Width, int Depth);
}

using EthosU.Npu.Operations;
using EthosU.Npu.Targets;

namespace EthosU.Simulator;

/// <summary>What a step of a kernel reads: for a block of the output, or a slice of the input's channels for it.</summary>
/// <param name="First">Of the first input.</param>
/// <param name="Second">Of the second input, if there is one in memory.</param>
internal readonly record struct BlockJob(ElementBox First, ElementBox? Second);

/// <summary>
/// Walks through a kernel as the hardware does: block by block, depth first, then along the width, then along the height. What a block
/// reads is not derived but found, by asking of every output position of the block and every tap where it lies (npu-commands 7.1 and 7.2).
/// </summary>
internal sealed class BlockWalk(KernelOperation kernel, Execution run)
{
    private readonly BlockShape block = kernel.Block;
    private readonly bool mixesChannels = kernel is ConvolutionOperation { IsDepthwise: false }
        or PoolingOperation { Mode: PoolingMode.ReduceSum };

    /// <summary>The jobs from the first one on.</summary>
    public IEnumerable<BlockJob> Jobs()
    {
        int slice = mixesChannels ? run.Architecture.Jobs.InputSlice(kernel, run.Accelerator) : 0;
        for (int y = 0; y < kernel.Ofm.Height; y += block.Height)
            for (int x = 0; x < kernel.Ofm.Width; x += block.Width)
                for (int c = 0; c < kernel.Ofm.Depth; c += block.Depth)
                {
                    ElementBox output = Block(y, x, c);
                    if (!mixesChannels)
                    {
                        yield return new(Fetch(output, output.C, output.EndC), FetchSecond(output));
                        continue;
                    }
                    // Run-time weights have a column for each output channel.
                    for (int i = 0; i < kernel.Ifm.Depth; i += slice)
                        yield return new(Fetch(output, i, i + slice),
                            kernel.ReadsIfm2 ? new(0, output.C, i, 1, output.EndC, i + slice) : null);
                }
    }

    /// <summary>The blocks of the output from the last one on.</summary>
    public IEnumerable<ElementBox> BlocksFromLast()
    {
        for (int y = Last(kernel.Ofm.Height, block.Height); y >= 0; y -= block.Height)
            for (int x = Last(kernel.Ofm.Width, block.Width); x >= 0; x -= block.Width)
                for (int c = Last(kernel.Ofm.Depth, block.Depth); c >= 0; c -= block.Depth)
                    yield return Block(y, x, c);
    }

    private static int Last(int size, int step) => (size - 1) / step * step;

    private ElementBox Block(int y, int x, int c) => new(y, x, c, y + block.Height, x + block.Width, c + block.Depth);

    private ElementBox Fetch(ElementBox output, int c, int endC)
    {
        if (kernel is ResizeOperation resize)
            return new(Source(resize.Y, output.Y, kernel.Ifm.Height), Source(resize.X, output.X, kernel.Ifm.Width), c,
                Source(resize.Y, output.EndY - 1, kernel.Ifm.Height) + 2, Source(resize.X, output.EndX - 1, kernel.Ifm.Width) + 2, endC);
        if (kernel is not WindowOperation window)
            return Narrowed(output, kernel.Ifm);
        NpuKernel shape = window.Kernel;
        BlockShape unit = run.Architecture.Jobs.InputUnit(run.Accelerator);
        (int y, int endY) =
            Reach(output.Y, output.EndY, shape.Height, shape.DilationY, shape.StrideY, window.Padding.Top, window.VirtualHeight,
            unit.Height);
        (int x, int endX) =
            Reach(output.X, output.EndX, shape.Width, shape.DilationX, shape.StrideX, window.Padding.Left, window.VirtualWidth, unit.Width);
        return new(y, x, c, endY, endX, endC);
    }

    /// <summary>
    /// The stored rows, or columns, from the first to behind the last that some tap of some output position finds. The block is fetched
    /// whole, also where it sticks out of the output, and in whole micro-blocks.
    /// </summary>
    private (int Start, int End) Reach(int from, int to, int taps, int dilation, int stride, int padding, int size, int unit)
    {
        run.Charge((double)(to - from) * taps);
        int first = int.MaxValue, last = -1;
        for (int position = from; position < to; position++)
            for (int tap = 0; tap < taps; tap++)
            {
                int at = position * stride + tap * dilation - padding;
                if (at < 0 || at >= size)
                    continue;
                int stored = kernel.Upscale == NpuUpscale.None ? at : at >> 1;
                (first, last) = (Math.Min(first, stored), Math.Max(last, stored));
            }
        return last < 0 ? (0, 0) : (first, first + (last - first + unit) / unit * unit);
    }

    private ElementBox? FetchSecond(ElementBox output) => kernel.ReadsIfm2 ? Narrowed(output, kernel.Ifm2!) : null;

    /// <summary>What an output block needs of an input of its sizes, or of one that repeats along axes where it is 1.</summary>
    private ElementBox Narrowed(ElementBox output, AddressedFeatureMap map)
    {
        ElementBox box = output;
        if (map.Height < kernel.Ofm.Height)
            box = box with { Y = 0, EndY = 1 };
        if (map.Width < kernel.Ofm.Width)
            box = box with { X = 0, EndX = 1 };
        return map.Depth < kernel.Ofm.Depth ? box with { C = 0, EndC = 1 } : box;
    }

    /// <summary>The element of the input at or before a position of the output.</summary>
    private static int Source(in ResizeAxis axis, int position, int size) =>
        (int)Math.Clamp(Math.Floor(((position * (double)axis.Step) + axis.Offset) / axis.Numerator), 0, size - 1);
}

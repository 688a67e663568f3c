using System.Collections.Immutable;
using EthosU.Npu.Blocks;
using EthosU.Npu.Operations;
using EthosU.Npu.Targets;

namespace EthosU.Npu.Architectures.EthosU55;

/// <summary>Finds blocks whose buffers fit in the shared RAM, which each operation divides (npu-scheduling 2; npu-commands 9).</summary>
internal sealed class SharedRamBlocks : IBlockModel
{
    private const int SplitDepth = 16;

    /// <inheritdoc/>
    public BlockConfig FindBest(BlockQuery query)
    {
        var selection = new Selection(query.Ifm);
        foreach (BlockConfig config in Enumerate(query))
            selection.Offer(config);
        return selection.Best ?? throw new InvalidOperationException($"no block fits {query}");
    }

    /// <inheritdoc/>
    public ImmutableArray<BlockConfig> FindAll(BlockQuery query)
    {
        BlockConfig[] all = [.. Enumerate(query)];
        if (all.Length == 0)
            return [];
        var selection = new Selection(query.Ifm);
        foreach (BlockConfig config in all)
            selection.Offer(config);
        BlockConfig best = selection.Best!.Value;
        return [best, .. all.Where(c => c != best).OrderBy(c => c.Cost)];
    }

    /// <inheritdoc/>
    public bool TryFit(BlockQuery query, BlockShape block, out BlockConfig config)
    {
        BlockShape unit = query.Accelerator.OfmMicroBlock, max = Accelerator.MaxOfmBlock;
        bool isLegal = block is { Height: > 0, Width: > 0, Depth: > 0 }
            && block.Height % unit.Height == 0 && block.Width % unit.Width == 0 && block.Depth % unit.Depth == 0
            && block.Height <= max.Height && block.Width <= max.Width && block.Depth <= max.Depth
            && (block.Depth >= query.Ofm.Depth || block.Depth % SplitDepth == 0);
        config = default;
        return isLegal && TryLayOut(query, block, out config);
    }

    /// <inheritdoc/>
    public BlockShape IfmBlock(BlockQuery query, BlockShape block) => InputBlock(query, block);

    /// <summary>The block of the input that a block of the output needs (npu-scheduling 2.3).</summary>
    private static BlockShape InputBlock(BlockQuery query, BlockShape block)
    {
        BlockShape unit = query.Accelerator.OfmMicroBlock;
        int scale = query.Upscale == NpuUpscale.None ? 1 : 2, extra = query.Upscale == NpuUpscale.Nearest ? 1 : 0;
        int Extent(int size, int stride, int kernel) =>
            CeilDiv((size - 1) * stride + Math.Min(kernel, Accelerator.MaxSubKernel) + extra, scale);
        int depth = query.HasEqualDepth ? block.Depth
            : query.IfmBits == 16 ? RoundUp(Math.Min(query.Ifm.Depth, 16), 4)
            : RoundUp(Math.Min(query.Ifm.Depth, query.PartKernelFirst ? 16 : 32), 8);
        return new(
            RoundUp(Extent(block.Height, query.Kernel.StrideY, query.Kernel.DilatedHeight), unit.Height),
            RoundUp(Extent(block.Width, query.Kernel.StrideX, query.Kernel.DilatedWidth), unit.Width),
            depth);
    }

    private static IEnumerable<BlockConfig> Enumerate(BlockQuery query)
    {
        BlockShape unit = query.Accelerator.OfmMicroBlock, max = Accelerator.MaxOfmBlock, ofm = query.Ofm;
        // With a doubled input, blocks of odd size would begin between two elements of the input.
        int scale = query.Upscale == NpuUpscale.None ? 1 : 2;
        int stepY = Math.Max(unit.Height, scale), stepX = Math.Max(unit.Width, scale);
        int maxY = RoundUp(Math.Min(ofm.Height, max.Height), stepY), maxX = RoundUp(Math.Min(ofm.Width, max.Width), stepX);
        int maxDepth = RoundUp(Math.Min(ofm.Depth, max.Depth), unit.Depth);
        int depth = SplitIfNeeded(Math.Max(unit.Depth, Math.Min(maxDepth, SplitDepth)), ofm.Depth);
        for (; depth <= maxDepth; depth = SplitIfNeeded(depth + unit.Depth, ofm.Depth))
        {
            // What does not fit fits no better with more rows or columns.
            int limitX = maxX;
            for (int y = stepY; y <= maxY && limitX > 0; y += stepY)
                for (int x = stepX; x <= limitX; x += stepX)
                {
                    if (TryLayOut(query, new(y, x, depth), out BlockConfig config))
                        yield return config;
                    else
                        limitX = x - stepX;
                }
        }
    }

    private static int SplitIfNeeded(int depth, int ofmDepth) => depth < ofmDepth ? RoundUp(depth, SplitDepth) : depth;

    private static bool TryLayOut(BlockQuery query, BlockShape block, out BlockConfig config)
    {
        Accelerator accelerator = query.Accelerator;
        BlockShape ifm = InputBlock(query, block);
        int end = accelerator.ShramEnd(query.UsesLut), start = Accelerator.OutputBanks;
        int ifmBanks = DoubleBuffer(
            (long)ifm.Height * ifm.Width * RoundUp(ifm.Depth * query.IfmBits / 8, 8),
            query.IfmBits == 32 ? accelerator.Bank32Granule : accelerator.IfmBankGranule);
        ShramLayout layout;
        if (query.Operation == BlockOperation.Elementwise)
        {
            int operands = query.Second == SecondOperand.Scalar && query.IfmBits <= 16 ? 1 : 2;
            layout = new(start, start + ifmBanks, end, end, end);
            if (start + operands * ifmBanks > end)
            {
                config = default;
                return false;
            }
        }
        else
        {
            int accumulators = DoubleBuffer(
                (long)Rows(query, block) * block.Width * RoundUp(block.Depth, 8) * query.AccumulatorBits / 8,
                query.AccumulatorBits == 40 ? accelerator.Accumulator40BankGranule : accelerator.Bank32Granule);
            layout = new(start, start + ifmBanks, start + ifmBanks, end - accumulators, end);
            if (layout.IfmEnd > layout.AccumulatorStart)
            {
                config = default;
                return false;
            }
        }
        config = new(block, ifm, layout, Cost(query, block, ifm));
        return true;
    }

    private static int DoubleBuffer(long bytes, int granule) =>
        RoundUp(2 * (int)((bytes + Accelerator.ShramBankBytes - 1) / Accelerator.ShramBankBytes), granule);

    private static int Rows(BlockQuery query, BlockShape block) =>
        query.HasSingleRow ? Math.Min(block.Height, query.Ofm.Height) : block.Height;

    private static double Cost(BlockQuery query, BlockShape block, BlockShape ifmBlock)
    {
        BlockShape ofm = query.Ofm, ifm = query.Ifm;
        double cost;
        if (query.Operation == BlockOperation.Elementwise)
        {
            cost = Math.Max(1, (double)ofm.ElementCount / block.ElementCount);
        }
        else
        {
            int rows = Rows(query, block);
            int fullY = CeilDiv(ofm.Height, rows), fullX = CeilDiv(ofm.Width, block.Width), fullDepth = CeilDiv(ofm.Depth, block.Depth);
            double partY = (double)ofm.Height / rows, partX = (double)ofm.Width / block.Width, partDepth = (double)ofm.Depth / block.Depth;
            NpuKernel kernel = query.Kernel;
            int repeats = CeilDiv(kernel.DilatedWidth, Accelerator.MaxSubKernel) * CeilDiv(kernel.DilatedHeight, Accelerator.MaxSubKernel);
            double weights = query.Operation is BlockOperation.Convolution or BlockOperation.Depthwise
                ? (double)kernel.DilatedWidth * kernel.DilatedHeight * ifm.Depth * fullY * fullX
                : 0;
            if (query.Operation != BlockOperation.Depthwise)
                weights *= block.Depth * partDepth;
            double inputs = (double)ifmBlock.Height * ifmBlock.Width * ifm.Depth * repeats * (partY * partX);
            if (!query.HasEqualDepth)
                inputs *= fullDepth;
            cost = (inputs + weights) / ofm.ElementCount;
        }
        // The whole input fits in the double buffer.
        return ifm.ElementCount < 2 * ifmBlock.ElementCount ? cost / 2 : cost;
    }

    private static int CeilDiv(int value, int unit) => (value + unit - 1) / unit;

    private static int RoundUp(int value, int unit) => CeilDiv(value, unit) * unit;

    /// <summary>
    /// Keeps the best of the blocks offered in order; of equal ones the first, or a later small one that covers more of the input.
    /// </summary>
    private struct Selection(BlockShape ifm)
    {
        private double coverage = double.PositiveInfinity;

        public BlockConfig? Best { get; private set; }

        public void Offer(BlockConfig config)
        {
            if (Best is not { } best || config.Cost < best.Cost)
            {
                Best = config;
                coverage = double.PositiveInfinity;
            }
            else if (config.Cost == best.Cost && config.OfmBlock is { Height: <= 4, Width: <= 4 })
            {
                double own = (double)ifm.Height * ifm.Width
                    / (Math.Min(ifm.Height, config.IfmBlock.Height) * Math.Min(ifm.Width, config.IfmBlock.Width));
                if (own > coverage)
                    return;
                Best = config;
                coverage = own;
            }
        }
    }
}

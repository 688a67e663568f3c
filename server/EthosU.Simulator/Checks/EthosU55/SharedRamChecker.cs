using EthosU.Npu.Operations;
using EthosU.Npu.Targets;

namespace EthosU.Simulator;

/// <summary>
/// Checks that the output block is legal and that its buffers fit the shared RAM where the registers put them (npu-commands 9).
/// </summary>
internal static class SharedRamChecker
{
    private const int DepthGranule = 16;

    /// <summary>What is wrong, or null.</summary>
    public static string? Problem(KernelOperation operation, Accelerator accelerator)
    {
        BlockShape block = operation.Block;
        BlockShape micro = accelerator.OfmMicroBlock, largest = Accelerator.MaxOfmBlock;
        if (block.Height > largest.Height || block.Width > largest.Width || block.Depth > largest.Depth)
            return $"the output block {block.Height}x{block.Width}x{block.Depth} is larger than {largest}";
        if (block.Height % micro.Height != 0 || block.Width % micro.Width != 0 || block.Depth % micro.Depth != 0)
            return $"the output block {block.Height}x{block.Width}x{block.Depth} is no multiple of the micro-block {micro}";
        if (block.Depth < operation.Ofm.Depth && block.Depth % DepthGranule != 0)
            return $"the output block's depth {block.Depth} is less than the output's and no multiple of {DepthGranule}";
        int end = accelerator.ShramEnd(operation.UsesTable), inputBanks = InputBanks(operation, accelerator);
        SharedRamLayout layout = operation.SharedRam;
        if (operation is ElementwiseOperation elementwise)
            return Elementwise(elementwise, layout, end, inputBanks);
        int accumulatorBanks = AccumulatorBanks(operation, accelerator);
        if (layout.IfmEnd < Accelerator.OutputBanks + inputBanks)
            return $"the input needs {inputBanks} banks from bank {Accelerator.OutputBanks} on, its buffers end at bank {layout.IfmEnd}";
        if (layout.IfmEnd > layout.AccumulatorStart)
            return $"the input's buffers end at bank {layout.IfmEnd}, behind the start of the accumulators at bank "
                + $"{layout.AccumulatorStart}";
        return layout.AccumulatorStart + accumulatorBanks > end
            ? $"the accumulators need {accumulatorBanks} banks from bank {layout.AccumulatorStart} on, but bank {end} is the first that "
                + $"they may not use"
            : null;
    }

    private static string? Elementwise(ElementwiseOperation operation, SharedRamLayout layout, int end, int inputBanks)
    {
        int start2 = layout.Ifm2Start ?? layout.IfmEnd;
        if (start2 < Accelerator.OutputBanks + inputBanks)
            return $"the input needs {inputBanks} banks from bank {Accelerator.OutputBanks} on, but has them up to bank {start2}";
        if (layout.IfmEnd > end)
            return $"the input's buffers end at bank {layout.IfmEnd}, but bank {end} is the first that they may not use";
        return layout.Ifm2Start is not null && start2 + inputBanks > layout.IfmEnd
            ? $"the second input needs {inputBanks} banks from bank {start2} on, its buffers end at bank {layout.IfmEnd}"
            : null;
    }

    private static int InputBanks(KernelOperation operation, Accelerator accelerator)
    {
        NpuKernel kernel = operation is WindowOperation window ? window.Kernel : new(1, 1);
        int upscale = operation.Upscale == NpuUpscale.None ? 1 : 2, nearest = operation.Upscale == NpuUpscale.Nearest ? 1 : 0;
        int height = RoundUp(
            CeilDiv((operation.Block.Height - 1) * kernel.StrideY + Math.Min(kernel.DilatedHeight, Accelerator.MaxSubKernel) + nearest,
                upscale), accelerator.IfmMicroBlock.Height);
        int width = RoundUp(
            CeilDiv((operation.Block.Width - 1) * kernel.StrideX + Math.Min(kernel.DilatedWidth, Accelerator.MaxSubKernel) + nearest,
                upscale), accelerator.IfmMicroBlock.Width);
        int bits = operation.Ifm.ElementBytes * 8;
        long bytes = (long)height * width * RoundUp(InputDepth(operation) * bits / 8, 8);
        int granule = bits == 32 ? accelerator.Bank32Granule : accelerator.IfmBankGranule;
        return RoundUp(2 * (int)((bytes + Accelerator.ShramBankBytes - 1) / Accelerator.ShramBankBytes), granule);
    }

    private static int InputDepth(KernelOperation operation)
    {
        bool sums = operation is ConvolutionOperation { IsDepthwise: false } or PoolingOperation { Mode: PoolingMode.ReduceSum };
        if (!sums)
            return operation.Block.Depth;
        if (operation.Ifm.ElementBytes == 2)
            return RoundUp(Math.Min(operation.Ifm.Depth, 16), 4);
        bool partKernel = operation is ConvolutionOperation { WeightOrder: KernelWeightOrder.PartKernelFirst };
        return RoundUp(Math.Min(operation.Ifm.Depth, partKernel ? 16 : 32), 8);
    }

    private static int AccumulatorBanks(KernelOperation operation, Accelerator accelerator)
    {
        BlockShape block = operation.Block;
        bool oneRow = operation.Ofm.Height == 1 && operation is WindowOperation { Kernel.Height: 1 }
            && accelerator.OfmMicroBlock.Height == 2;
        int height = oneRow ? 1 : block.Height;
        bool wide = operation.SharedRam.Accumulator == AccumulatorFormat.Int40;
        long bytes = (long)height * block.Width * RoundUp(block.Depth, 8) * (wide ? 40 : 32) / 8;
        int granule = wide ? accelerator.Accumulator40BankGranule : accelerator.Bank32Granule;
        return RoundUp(2 * (int)((bytes + Accelerator.ShramBankBytes - 1) / Accelerator.ShramBankBytes), granule);
    }

    private static int CeilDiv(int value, int unit) => (value + unit - 1) / unit;

    private static int RoundUp(int value, int unit) => CeilDiv(value, unit) * unit;
}

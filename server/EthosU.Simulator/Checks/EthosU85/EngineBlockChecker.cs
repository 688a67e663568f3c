using EthosU.Npu.Operations;
using EthosU.Npu.Targets;

namespace EthosU.Simulator;

/// <summary>
/// Checks that micro-block and block are legal and that accumulators and inputs fit their memories (npu-u85 6.1 and 6.2).
/// </summary>
internal static class EngineBlockChecker
{
    /// <summary>Channels of which outputs are split in multiples.</summary>
    public const int DepthGranule = 16;

    private const int SubKernel = 8;

    /// <summary>What is wrong, or null.</summary>
    public static string? Problem(KernelOperation operation, Accelerator accelerator)
    {
        BlockShape block = operation.Block, micro = operation.MicroBlock;
        EngineFacts engine = accelerator.Engine!;
        if (!MicroBlockRules.Allowed(operation, accelerator).Contains(micro))
            return $"the micro-block {micro} is none of those for the operation: "
                + $"{string.Join(", ", MicroBlockRules.Allowed(operation, accelerator))}";
        if (operation is ResizeOperation resize)
            return ResizeProblem(resize);
        int depthUnit = operation is ElementwiseOperation or PoolingOperation { Mode: PoolingMode.None, Accumulators.IsKeptUnwritten: true }
            ? Math.Min(micro.Depth, DepthGranule) : micro.Depth;
        if (block.Height % micro.Height != 0 || block.Width % micro.Width != 0 || block.Depth % depthUnit != 0)
            return $"the output block {block} is no multiple of the micro-block {micro}";
        if (block.Depth < operation.Ofm.Depth && block.Depth % DepthGranule != 0)
            return $"the output block's depth {block.Depth} is less than the output's and no multiple of {DepthGranule}";
        BlockShape largest = EngineFacts.MaxOfmBlock;
        (int height, int width, int depth) = operation.OutputOrder.Permute(block.Height, block.Width, block.Depth);
        if (height > largest.Height || width > largest.Width || depth > largest.Depth)
            return $"the output block, {new BlockShape(height, width, depth)} as it is stored, is larger than {largest}";
        if (operation is ElementwiseOperation)
            return null;
        long accumulators = (long)block.Height * block.Width * RoundUp(block.Depth, DepthGranule)
            * (operation.Accumulators.IsWide ? 8 : 4);
        if (accumulators > engine.AccumulatorRam)
            return $"the accumulators of a block take {accumulators} bytes, there are {engine.AccumulatorRam}";
        long input = InputBytes((WindowOperation)operation, accelerator);
        return input > engine.InputRam
            ? $"the input of a block takes {input} bytes, there are {engine.InputRam}" : null;
    }

    private static string? ResizeProblem(ResizeOperation operation)
    {
        BlockShape block = operation.Block;
        if (block.Height != 1 || block.Depth > DepthGranule)
            return $"a resize works in blocks of one row and up to {DepthGranule} channels, not in {block}";
        if (operation.X.BlockStep != operation.X.Step * (block.Width - 1) || operation.Y.BlockStep != operation.Y.Step * (block.Height - 1))
            return "the steps of a resize from the first to the last position of a block do not agree with the block";
        foreach ((ResizeAxis axis, string name) in ((ResizeAxis, string)[])[(operation.X, "columns"), (operation.Y, "rows")])
            if (axis.Numerator > 2048 || axis.Offset < -axis.Numerator || axis.Offset >= axis.Numerator)
                return $"the offset {axis.Offset} of a resize along the {name} is not one of -{axis.Numerator} to {axis.Numerator - 1}";
        return null;
    }

    /// <summary>Bytes that the input of a block takes, or the whole input if that is less and will do.</summary>
    private static long InputBytes(WindowOperation operation, Accelerator accelerator)
    {
        AddressedFeatureMap ifm = operation is PoolingOperation { Mode: PoolingMode.None } ? operation.Ifm2! : operation.Ifm;
        BlockShape block = operation.Block;
        NpuKernel kernel = operation.Kernel;
        bool sums = operation is ConvolutionOperation { IsDepthwise: false } or PoolingOperation { Mode: PoolingMode.ReduceSum };
        int depth = sums ? new EngineJobs().InputSlice(operation, accelerator) : block.Depth;
        BlockShape unit = InputUnits.Of(accelerator, operation.MicroBlock, depth * ifm.ElementBytes * 8, ifm.ElementBytes * 8);
        int upscale = operation.Upscale == NpuUpscale.None ? 1 : 2, nearest = operation.Upscale == NpuUpscale.Nearest ? 1 : 0;
        int height = RoundUp(CeilDiv(((block.Height - 1) * kernel.StrideY) + Math.Min(kernel.DilatedHeight, SubKernel) + nearest, upscale),
            unit.Height);
        int width = RoundUp(CeilDiv(((block.Width - 1) * kernel.StrideX) + Math.Min(kernel.DilatedWidth, SubKernel) + nearest, upscale),
            unit.Width);
        int stored = RoundUp(sums ? Math.Min(depth, ifm.Depth) : depth, unit.Depth);
        long bytes = (long)height * width * stored * ifm.ElementBytes;
        if (operation is ConvolutionOperation { IsDepthwise: false })
            return bytes;
        long whole = (long)RoundUp(ifm.Height, unit.Height) * RoundUp(ifm.Width, unit.Width) * RoundUp(ifm.Depth, unit.Depth)
            * ifm.ElementBytes;
        return Math.Min(bytes, whole);
    }

    private static int CeilDiv(int value, int unit) => (value + unit - 1) / unit;

    private static int RoundUp(int value, int unit) => CeilDiv(value, unit) * unit;
}

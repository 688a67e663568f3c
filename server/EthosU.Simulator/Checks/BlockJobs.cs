using EthosU.Npu.Commands;
using EthosU.Npu.Targets;

namespace EthosU.Simulator;

/// <summary>The jobs into which a kernel operation is cut, in the hardware's order (npu-commands, section 8.3).</summary>
internal sealed class BlockJobs
{
    private readonly KernelOperation operation;
    private readonly Accelerator accelerator;
    private readonly int depthBlocks;
    private readonly int widthBlocks;
    private readonly int heightBlocks;
    private readonly int ifmBlockDepth;
    private readonly int jobsPerBlock;

    public BlockJobs(KernelOperation operation, Accelerator accelerator)
    {
        this.operation = operation;
        this.accelerator = accelerator;
        BlockShape block = operation.Block;
        depthBlocks = CeilDiv(operation.Ofm.Depth, block.Depth);
        widthBlocks = CeilDiv(operation.Ofm.Width, block.Width);
        heightBlocks = CeilDiv(operation.Ofm.Height, block.Height);
        bool sums = operation is ConvolutionOperation { IsDepthwise: false } or PoolingOperation { Mode: PoolingMode.ReduceSum };
        ifmBlockDepth = sums ? Math.Min(256 / (8 * operation.Ifm.ElementBytes), RoundUp(operation.Ifm.Depth, 8)) : 0;
        jobsPerBlock = sums ? CeilDiv(operation.Ifm.Depth, ifmBlockDepth) : 1;
    }

    /// <summary>Number of output blocks.</summary>
    public long Blocks => (long)depthBlocks * widthBlocks * heightBlocks;

    /// <summary>Number of jobs.</summary>
    public long Count => Blocks * jobsPerBlock;

    /// <summary>What an output block covers.</summary>
    public ElementBox Output(long number)
    {
        BlockShape block = operation.Block;
        int c = (int)(number % depthBlocks), x = (int)(number / depthBlocks % widthBlocks), y = (int)(number / depthBlocks / widthBlocks);
        return new(y * block.Height, x * block.Width, c * block.Depth, (y + 1) * block.Height, (x + 1) * block.Width, (c + 1) * block.Depth);
    }

    /// <summary>The output block to which a job belongs.</summary>
    public ElementBox OutputOfJob(long job) => Output(job / jobsPerBlock);

    /// <summary>What a job reads of the first input.</summary>
    public ElementBox Input(long job)
    {
        ElementBox output = OutputOfJob(job);
        if (operation is not WindowOperation window)
            return output;
        NpuKernel kernel = window.Kernel;
        int y = Math.Max(0, output.Y * kernel.StrideY - window.Padding.Top), x = Math.Max(0, output.X * kernel.StrideX - window.Padding.Left);
        int height = RoundUp((operation.Block.Height - 1) * kernel.StrideY + kernel.DilatedHeight, accelerator.IfmMicroBlock.Height);
        int width = RoundUp((operation.Block.Width - 1) * kernel.StrideX + kernel.DilatedWidth, accelerator.IfmMicroBlock.Width);
        (int c, int endC) = ifmBlockDepth > 0
            ? ((int)(job % jobsPerBlock) * ifmBlockDepth, ((int)(job % jobsPerBlock) + 1) * ifmBlockDepth)
            : (output.C, output.EndC);
        return operation.Upscale == NpuUpscale.None
            ? new(y, x, c, y + height, x + width, endC)
            : new(y / 2, x / 2, c, (y + height + 1) / 2, (x + width + 1) / 2, endC);
    }

    /// <summary>What a job reads of the second input.</summary>
    public ElementBox SecondInput(long job)
    {
        ElementBox box = OutputOfJob(job);
        if (operation is not ElementwiseOperation elementwise)
            return box;
        return new(elementwise.BroadcastHeight ? 0 : box.Y, elementwise.BroadcastWidth ? 0 : box.X, elementwise.BroadcastDepth ? 0 : box.C,
            elementwise.BroadcastHeight ? 1 : box.EndY, elementwise.BroadcastWidth ? 1 : box.EndX, elementwise.BroadcastDepth ? 1 : box.EndC);
    }

    private static int CeilDiv(int value, int unit) => (value + unit - 1) / unit;

    private static int RoundUp(int value, int unit) => CeilDiv(value, unit) * unit;
}

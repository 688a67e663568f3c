using EthosU.Npu.Blocks;
using EthosU.Npu.Performance;
using EthosU.Npu.Targets;

namespace EthosU.Npu.Architectures.EthosU55;

/// <summary>
/// Cycles of an operation itself: the multiply-accumulate array, the output unit, the start of commands (npu-scheduling 5.2 to 5.4).
/// </summary>
internal sealed class KernelCycles : IKernelCycles
{
    private const int ScaleRecordBytes = 10;

    /// <inheritdoc/>
    public long Estimate(OperationProfile op, Target target, CycleModel model) =>
        op.UsesMacs ? EstimateMacs(op, target, model) : EstimateElementwise(op, target, model);

    private static long EstimateMacs(OperationProfile op, Target target, CycleModel model)
    {
        Accelerator accelerator = target.Accelerator;
        BlockShape ifmBlock = op.Ifm.Shape.Min(op.IfmBlock), ofmBlock = op.Ofm.Shape.Min(op.OfmBlock), unit = accelerator.OfmMicroBlock;
        bool isRow = unit.Height == 2 && op.Ofm.Shape.Height == 1 && op.Ofm.Shape.Width % 2 == 0 && op.Kernel.Height == 1
            && (op.Operation is BlockOperation.Convolution or BlockOperation.VectorProduct
            || (model == CycleModel.Vela3 && op.Operation == BlockOperation.Depthwise));
        if (isRow)
        {
            unit = new(1, 4, unit.Depth);
            ofmBlock = ofmBlock with { Height = 1 };
        }

        double macs = BlockMacCycles(op, accelerator, model, ifmBlock, ofmBlock, unit);
        double output = Math.Ceiling(OutputRates.CyclesPerElement(op, accelerator, model) * ofmBlock.ElementCount);
        if (op.ScaleMemory is { } scales
            && (model == CycleModel.Vela3
            || op.Operation is BlockOperation.Convolution or BlockOperation.Depthwise or BlockOperation.VectorProduct))
            output = Math.Max(output, (double)ScaleRecordBytes * ofmBlock.Depth * target.Timing(scales).ReadLatency / 256);
        (double ifm, double ofm) = BlockMemoryCycles(op, target, model);

        if (model == CycleModel.Vela3)
        {
            long count = (long)CeilDiv(op.Ofm.Shape.Height, ofmBlock.Height) * CeilDiv(op.Ofm.Shape.Width, ofmBlock.Width)
                * CeilDiv(op.Ofm.Shape.Depth, ofmBlock.Depth);
            return (long)Balance(macs, output, (ifm + ofm + output + macs) / 4, count, 1);
        }
        double blocks = (double)Units(op.Ofm.Shape, unit) / Units(ofmBlock, unit);
        double command = ((blocks > 1 ? Math.Abs(ofm - ifm) : 0) + macs + output) / 4;
        return (long)(Balance(macs, output, command, blocks, 1) + ifm + ofm);
    }

    private static double Balance(double macs, double output, double command, double blocks, double tail)
    {
        double first = Math.Max(macs, command), second = Math.Max(output, command);
        return first > second ? first * blocks + second * tail : second * blocks + first * tail;
    }

    private static long Units(BlockShape shape, BlockShape unit) =>
        (long)CeilDiv(shape.Height, unit.Height) * CeilDiv(shape.Width, unit.Width) * CeilDiv(shape.Depth, unit.Depth);

    private static double BlockMacCycles(
        OperationProfile op, Accelerator accelerator, CycleModel model, BlockShape ifmBlock, BlockShape ofmBlock, BlockShape unit)
    {
        int x = CeilDiv(ofmBlock.Width, unit.Width), y = CeilDiv(ofmBlock.Height, unit.Height), z = CeilDiv(ofmBlock.Depth, unit.Depth);
        int bits = op.Ifm.Bits, weightBlock = 4 * unit.Depth, inputUnits = CeilDiv(ifmBlock.Depth, 8);
        bool partKernel = op.Operation == BlockOperation.Convolution && op.PartKernelFirst;
        long cycles = 0;
        for (int ky = 0; ky < op.Kernel.Height; ky += Accelerator.MaxSubKernel)
            for (int kx = 0; kx < op.Kernel.Width; kx += Accelerator.MaxSubKernel)
            {
                int taps = Math.Min(Accelerator.MaxSubKernel, op.Kernel.Height - ky)
                    * Math.Min(Accelerator.MaxSubKernel, op.Kernel.Width - kx);
                int steps = op.Operation switch
                {
                    BlockOperation.Pooling => 1,
                    BlockOperation.Depthwise => CeilDiv(taps, 4),
                    _ => partKernel ? CeilDiv(taps, bits == 16 ? 2 : 4) : taps,
                };
                long pass = op.Operation switch
                {
                    BlockOperation.Pooling => (long)Math.Max(4, taps) * x * y * PoolFactor(bits, accelerator, model),
                    BlockOperation.Depthwise => Math.Max(weightBlock, 4L * x * y * (bits / 8)) * steps,
                    _ => Math.Max(weightBlock, 4L * x * y) * steps * (partKernel ? inputUnits : 1),
                };
                cycles += pass * z + Delay(op, accelerator, x, y, z, steps) * (partKernel ? inputUnits : 1);
            }
        if (op.SumsChannels)
            cycles *= CeilDiv(op.Ifm.Shape.Depth, ifmBlock.Depth);
        return (double)cycles / accelerator.Cores;
    }

    private static int PoolFactor(int bits, Accelerator accelerator, CycleModel model) => accelerator.MacsPerCyclePerCore == 32 ? 1
        : model == CycleModel.Vela5 ? bits / 2
        : bits == 16 ? 2 : 1;

    private static long Delay(OperationProfile op, Accelerator accelerator, int x, int y, int z, int steps)
    {
        bool is40 = op.AccumulatorBits == 40, isSmallest = accelerator.MacsPerCyclePerCore == 32;
        int delay = accelerator.MacsPerCyclePerCore switch { 32 => is40 ? 7 : 3, 64 or 128 => is40 ? 3 : 2, _ => 2 };
        long cycles = 0;
        if (isSmallest && is40 && z > 1 && (x == 1 || y == 1))
            cycles += (long)delay * z;
        if (x == 1 && y == 1)
            cycles += z == 1 ? (long)delay * steps : steps > 1 ? (long)delay * (steps - 1) * z : 0;
        return cycles;
    }

    private static long EstimateElementwise(OperationProfile op, Target target, CycleModel model)
    {
        double perElement = OutputRates.CyclesPerElement(op, target.Accelerator, model);
        (double ifm, double ofm) = BlockMemoryCycles(op, target, model);
        long block = op.OfmBlock.ElementCount, elements = op.Ofm.StoredElements;
        if (model == CycleModel.Vela3)
            return (long)Math.Ceiling(Math.Max(perElement, (ifm + ofm + perElement * block) / 4 / block) * elements);
        double command = (Math.Max(ifm, ofm) / block + perElement) / 4;
        return (long)Math.Max(Math.Ceiling(command * elements), Math.Ceiling(perElement * elements));
    }

    private static (double Ifm, double Ofm) BlockMemoryCycles(OperationProfile op, Target target, CycleModel model)
    {
        double Cycles(FeatureMapProfile map, BlockShape block, bool isWrite)
        {
            MemoryTiming timing = target.Timing(map.Memory);
            // Vela 3 takes elements for bytes.
            double amount = (double)map.Shape.Min(block).ElementCount * (model == CycleModel.Vela3 ? 1 : map.Bytes);
            return (isWrite ? timing.WriteLatency : timing.ReadLatency)
                + BurstModel.Effective(amount, map, block, isWrite, target, model) / target.BytesPerCycle(map.Memory);
        }

        double ifm = Cycles(op.Ifm, op.IfmBlock, isWrite: false);
        if (model == CycleModel.Vela5 && op.Ifm2 is { } second)
            ifm = Math.Max(ifm, Cycles(second, op.IfmBlock, isWrite: false));
        return (ifm, Cycles(op.Ofm, op.OfmBlock, isWrite: true));
    }

    private static int CeilDiv(int value, int unit) => (value + unit - 1) / unit;
}

using EthosU.Npu.Blocks;
using EthosU.Npu.Targets;

namespace EthosU.Npu.Performance;

/// <summary>Elements that an operation reads and writes (npu-scheduling 5.5).</summary>
/// <param name="Ifm">Elements read of the input.</param>
/// <param name="Ifm2">Elements read of the second operand.</param>
/// <param name="Ofm">Elements written.</param>
/// <param name="Weights">Weights read, before compression.</param>
/// <param name="Refetches">How often all weights are read.</param>
internal readonly record struct ElementAccesses(long Ifm, long Ifm2, long Ofm, long Weights, int Refetches)
{
    /// <summary>The accesses of an operation.</summary>
    public static ElementAccesses Of(OperationProfile op, CycleModel model) =>
        op.UsesMacs ? OfMacs(op) : OfElementwise(op, model);

    private static ElementAccesses OfMacs(OperationProfile op)
    {
        BlockShape ifmBlock = op.Ifm.Shape.Min(op.IfmBlock), ofmBlock = op.Ofm.Shape.Min(op.OfmBlock), ofm = op.Ofm.Shape;
        int refetches = CeilDiv(ofm.Height, ofmBlock.Height) * CeilDiv(ofm.Width, ofmBlock.Width);
        long blocks = (long)refetches
            * (op.Operation is BlockOperation.Depthwise or BlockOperation.Pooling ? 1 : CeilDiv(ofm.Depth, ofmBlock.Depth));
        int passes = CeilDiv(op.Kernel.Height, Accelerator.MaxSubKernel) * CeilDiv(op.Kernel.Width, Accelerator.MaxSubKernel);
        long ifm = (long)ifmBlock.Height * ifmBlock.Width * op.Ifm.StoredDepth * passes * blocks;
        long weights = op.Operation switch
        {
            BlockOperation.Pooling or BlockOperation.ReduceSum => 0,
            BlockOperation.Depthwise => op.Kernel.Taps * (long)op.Ifm.Shape.Depth * blocks,
            _ => op.Kernel.Taps * (long)op.Ifm.Shape.Depth * ofmBlock.Depth * blocks,
        };
        return new(ifm, 0, op.Ofm.StoredElements, weights, weights == 0 ? 0 : refetches);
    }

    private static ElementAccesses OfElementwise(OperationProfile op, CycleModel model)
    {
        long all = op.Ofm.StoredElements;
        bool ifmIsOne = op.Ifm.Shape.ElementCount == 1;
        long ifm = ifmIsOne && op.Ifm.Bits <= 8 ? 0 : op.Ofm.Shape.ElementCount == 1 ? op.Ifm.StoredDepth : all;
        long second = 0;
        if (op.Ifm2 is { } operand)
        {
            bool isOne = operand.Shape.ElementCount == 1;
            second = !isOne || op.Ofm.Shape.ElementCount == 1 ? all
                : model == CycleModel.Vela3 && operand.Bits > 8 ? (op.Ifm.IsBricked ? 16 : 1)
                : 0;
        }
        return new(ifm, second, all, 0, 0);
    }

    private static int CeilDiv(int value, int unit) => (value + unit - 1) / unit;
}

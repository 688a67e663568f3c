using EthosU.Npu.Architectures;
using EthosU.Npu.Blocks;
using EthosU.Npu.Operations;
using EthosU.Npu.Performance;
using EthosU.Npu.Targets;
using EthosU.Npu.Weights;

namespace EthosU.Npu.Scheduling;

/// <summary>
/// What the time of operations depends on, before there are commands: the same as <see cref="StreamProfiles"/> finds in them afterwards.
/// </summary>
/// <param name="target">What is compiled for.</param>
/// <param name="bricks">Tensors in bricks of 16 channels.</param>
/// <param name="memoryOf">The memory of a tensor.</param>
internal sealed class PlanProfiles(Target target, IReadOnlySet<NpuTensor> bricks, Func<NpuTensor, MemoryKind> memoryOf)
{
    private readonly IBlockModel blocks = NpuArchitecture.Of(target.Accelerator).Blocks;

    /// <summary>The profile of an operation.</summary>
    /// <param name="op">The operation.</param>
    /// <param name="traversal">Order of its weights.</param>
    /// <param name="block">Block of the output.</param>
    /// <param name="weights">Size of its weights, if it has some.</param>
    /// <param name="weightMemory">Where they are read.</param>
    public OperationProfile Of(NpuOp op, WeightTraversal traversal, BlockShape block, WeightSizes weights, MemoryKind weightMemory)
    {
        bool isWindow = op.Kind != NpuOpKind.Elementwise, partKernelFirst = traversal == WeightTraversal.PartKernelFirst;
        // A vector product is a convolution in the stream.
        BlockOperation operation = op.Kind == NpuOpKind.VectorProduct ? BlockOperation.Convolution : BlockPlanner.Operation(op.Kind);
        NpuKernel kernel = isWindow ? op.Kernel : NpuKernel.Unit;
        FeatureMapProfile ifm = Map(op.Ifm), ofm = Map(op.Ofm);
        BlockQuery query = new(target.Accelerator, operation, ofm.Shape, ifm.Shape, ifm.Bits, kernel)
        {
            Upscale = isWindow ? op.Upscale : NpuUpscale.None,
            PartKernelFirst = partKernelFirst,
        };
        return new()
        {
            Operation = operation,
            Ifm = ifm,
            Ifm2 = op.IsBinary && op.Scalar is null ? Map(op.Ifm2 ?? op.Ifm) : null,
            Ofm = ofm,
            Kernel = kernel,
            OfmBlock = block,
            IfmBlock = blocks.IfmBlock(query, block),
            PartKernelFirst = partKernelFirst,
            AccumulatorBits = op.WideAccumulator ? 40 : 32,
            Output = op.Kind switch
            {
                NpuOpKind.MaxPool => OutputKind.MaxPool,
                NpuOpKind.Elementwise => OutputCosts.Kind(op.Function, op.IsBinary),
                _ => OutputKind.Other,
            },
            Activation = OutputCosts.Activation(op.ActivationFor(0), op.Ofm.Type, op.OfmZeroPoint,
                op.Kind is NpuOpKind.MaxPool or NpuOpKind.AveragePool or NpuOpKind.ReduceSum),
            WeightMemory = op.HasWeights ? weightMemory : null,
            WeightBytes = weights.Weights,
            ScaleMemory = op.HasWeights ? weightMemory : null,
            ScaleBytes = weights.Scales,
        };
    }

    /// <summary>Cycles of a copy, nothing beside it.</summary>
    /// <param name="copy">An operation that copies rows.</param>
    public long CyclesOfCopy(NpuOp copy) =>
        new MemoryTransfer(memoryOf(copy.Ifm.Tensor), memoryOf(copy.Ofm.Tensor), copy.Ofm.ElementCount * copy.Ofm.ElementBytes)
        .Cycles(target, CycleModel.Vela52);

    private FeatureMapProfile Map(FeatureMap map) =>
        new(new(map.Height, map.Width, map.Depth), map.ElementBytes * 8, bricks.Contains(map.Tensor), memoryOf(map.Tensor));
}

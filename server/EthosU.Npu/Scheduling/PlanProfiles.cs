using EthosU.Npu.Architectures;
using EthosU.Npu.Blocks;
using EthosU.Npu.Operations;
using EthosU.Npu.Performance;
using EthosU.Npu.Targets;
using EthosU.Npu.Weights;

namespace EthosU.Npu.Scheduling;

/// <summary>
/// What the time of planned operations depends on, before there are commands: the same as <see cref="StreamProfiles"/> finds in them
/// afterwards.
/// </summary>
/// <param name="target">What is compiled for.</param>
/// <param name="bricks">Tensors in bricks of 16 channels.</param>
/// <param name="memoryOf">The memory of a tensor.</param>
/// <param name="weightsOf">The encoded weights of an operation.</param>
internal sealed class PlanProfiles(Target target, IReadOnlySet<NpuTensor> bricks, Func<NpuTensor, MemoryKind> memoryOf,
    Func<PlannedOp, PackedWeights> weightsOf)
{
    private readonly IBlockModel blocks = NpuArchitecture.Of(target.Accelerator).Blocks;

    /// <summary>The profile of an operation whose weights are read where they are stored.</summary>
    public OperationProfile Of(PlannedOp planned)
    {
        NpuOp op = planned.Op;
        bool isWindow = op.Kind != NpuOpKind.Elementwise, partKernelFirst = planned.Traversal == WeightTraversal.PartKernelFirst;
        // A vector product is a convolution in the stream.
        BlockOperation operation = op.Kind == NpuOpKind.VectorProduct ? BlockOperation.Convolution : BlockPlanner.Operation(op.Kind);
        NpuKernel kernel = isWindow ? op.Kernel : NpuKernel.Unit;
        FeatureMapProfile ifm = Map(op.Ifm), ofm = Map(op.Ofm);
        BlockQuery query = new(target.Accelerator, operation, ofm.Shape, ifm.Shape, ifm.Bits, kernel)
        {
            Upscale = isWindow ? op.Upscale : NpuUpscale.None,
            PartKernelFirst = partKernelFirst,
        };
        PackedWeights? weights = op.HasWeights ? weightsOf(planned) : null;
        return new()
        {
            Operation = operation,
            Ifm = ifm,
            Ifm2 = op.IsBinary && op.Scalar is null ? Map(op.Ifm2 ?? op.Ifm) : null,
            Ofm = ofm,
            Kernel = kernel,
            OfmBlock = planned.Block,
            IfmBlock = blocks.IfmBlock(query, planned.Block),
            PartKernelFirst = partKernelFirst,
            AccumulatorBits = planned.SharedRam.Accumulator == AccumulatorFormat.Int40 ? 40 : 32,
            Output = op.Kind switch
            {
                NpuOpKind.MaxPool => OutputKind.MaxPool,
                NpuOpKind.Elementwise => OutputCosts.Kind(op.Function, op.IsBinary),
                _ => OutputKind.Other,
            },
            Activation = OutputCosts.Activation(op.ActivationFor(0), op.Ofm.Type, op.OfmZeroPoint,
                op.Kind is NpuOpKind.MaxPool or NpuOpKind.AveragePool or NpuOpKind.ReduceSum),
            WeightMemory = weights is null ? null : target.ConstMemory,
            WeightBytes = weights?.BytesOfWeights ?? 0,
            ScaleMemory = weights is null ? null : target.ConstMemory,
            ScaleBytes = weights?.BytesOfScales ?? 0,
        };
    }

    private FeatureMapProfile Map(FeatureMap map) =>
        new(new(map.Height, map.Width, map.Depth), map.ElementBytes * 8, bricks.Contains(map.Tensor), memoryOf(map.Tensor));
}

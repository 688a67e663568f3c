using EthosU.Npu.Architectures;
using EthosU.Npu.Blocks;
using EthosU.Npu.Operations;
using EthosU.Npu.Targets;
using EthosU.Npu.Weights;

namespace EthosU.Npu.Scheduling;

/// <summary>Chooses the block of each operation; equal operations get equal blocks.</summary>
internal sealed class BlockPlanner(Accelerator accelerator)
{
    private readonly NpuArchitecture architecture = NpuArchitecture.Of(accelerator);
    private readonly Dictionary<BlockQuery, BlockConfig> found = [];

    /// <summary>The operation with its block.</summary>
    public PlannedOp Plan(NpuOp op, int step)
    {
        if (op.Kind == NpuOpKind.Dma)
            return new(op, step, default, default, default);
        WeightTraversal traversal = op.Kind switch
        {
            NpuOpKind.Depthwise => WeightTraversal.Depthwise,
            NpuOpKind.Convolution =>
                architecture.Weights.ChooseTraversal(op.Ifm.Depth, op.Kernel.Height * op.Kernel.Width, op.Ifm.ElementBytes * 8),
            _ => WeightTraversal.DepthFirst,
        };
        BlockQuery query = Query(accelerator, op, traversal == WeightTraversal.PartKernelFirst);
        if (!found.TryGetValue(query, out BlockConfig config))
            found.Add(query, config = architecture.Blocks.FindBest(query));
        ShramLayout layout = config.Layout;
        SharedRamLayout sharedRam =
            new(layout.IfmEnd, layout.AccumulatorStart, op.WideAccumulator ? AccumulatorFormat.Int40 : AccumulatorFormat.Int32)
        {
            Ifm2Start = op.Ifm2 is null ? null : layout.Ifm2Start,
        };
        return new(op, step, config.OfmBlock, sharedRam, traversal);
    }

    private static BlockQuery Query(Accelerator accelerator, NpuOp op, bool partKernelFirst)
    {
        FeatureMap larger = op.Ifm2 is { } second && second.ElementCount > op.Ifm.ElementCount ? second : op.Ifm;
        return new(accelerator, Operation(op.Kind), Shape(op.Ofm), Shape(larger), op.Ifm.ElementBytes * 8,
            op.Kind == NpuOpKind.Elementwise ? NpuKernel.Unit : op.Kernel)
        {
            AccumulatorBits = op.WideAccumulator ? 40 : 32,
            Upscale = op.Upscale,
            PartKernelFirst = partKernelFirst,
            UsesLut = op.OutputFunction == OutputFunction.Table,
            Second = op.Scalar is not null ? SecondOperand.Scalar : op.IsBinary ? SecondOperand.Tensor : SecondOperand.None,
        };
    }

    private static BlockShape Shape(FeatureMap map) => new(map.Height, map.Width, map.Depth);

    /// <summary>The kind of operation that the search for blocks tells apart.</summary>
    public static BlockOperation Operation(NpuOpKind kind) => kind switch
    {
        NpuOpKind.Convolution => BlockOperation.Convolution,
        NpuOpKind.VectorProduct => BlockOperation.VectorProduct,
        NpuOpKind.Depthwise => BlockOperation.Depthwise,
        NpuOpKind.ReduceSum => BlockOperation.ReduceSum,
        NpuOpKind.Elementwise => BlockOperation.Elementwise,
        _ => BlockOperation.Pooling,
    };
}

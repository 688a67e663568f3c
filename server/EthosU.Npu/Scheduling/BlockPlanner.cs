using EthosU.Npu.Architectures;
using EthosU.Npu.Blocks;
using EthosU.Npu.Operations;
using EthosU.Npu.Performance;
using EthosU.Npu.Targets;
using EthosU.Npu.Weights;

namespace EthosU.Npu.Scheduling;

/// <summary>
/// Chooses the block of each operation: the one with the fewest estimated cycles, of those the one with the least traffic. Equal
/// operations get equal blocks.
/// </summary>
internal sealed class BlockPlanner(Target target, PlanProfiles profiles)
{
    private readonly NpuArchitecture architecture = NpuArchitecture.Of(target.Accelerator);
    private readonly Dictionary<(BlockQuery Query, OperationProfile Profile, int Depth), BlockConfig> found = [];

    /// <summary>The operation with its block.</summary>
    /// <param name="op">The operation.</param>
    /// <param name="step">Its place in the order.</param>
    /// <param name="weights">Size of its weights; a guess where they are not encoded yet.</param>
    /// <param name="weightMemory">Where they are read.</param>
    /// <param name="depth">Depth of the block if it is settled, because weights are encoded for it; otherwise 0.</param>
    public PlannedOp Plan(NpuOp op, int step, WeightSizes weights, MemoryKind weightMemory, int depth = 0)
    {
        if (op.Kind == NpuOpKind.Dma)
            return new(op, step, default, default, default);
        WeightTraversal traversal = Traversal(op);
        BlockQuery query = Query(op, traversal == WeightTraversal.PartKernelFirst);
        OperationProfile profile = profiles.Of(op, traversal, target.Accelerator.OfmMicroBlock, weights, weightMemory);
        if (!found.TryGetValue((query, profile, depth), out BlockConfig config))
            found.Add((query, profile, depth), config = Best(query, profile, depth));
        ShramLayout layout = config.Layout;
        SharedRamLayout sharedRam =
            new(layout.IfmEnd, layout.AccumulatorStart, op.WideAccumulator ? AccumulatorFormat.Int40 : AccumulatorFormat.Int32)
        {
            Ifm2Start = op.Ifm2 is null ? null : layout.Ifm2Start,
        };
        return new(op, step, config.OfmBlock, sharedRam, traversal);
    }

    /// <summary>The order of an operation's weights.</summary>
    public WeightTraversal Traversal(NpuOp op) => op.Kind switch
    {
        NpuOpKind.Depthwise => WeightTraversal.Depthwise,
        NpuOpKind.Convolution =>
            architecture.Weights.ChooseTraversal(op.Ifm.Depth, op.Kernel.Height * op.Kernel.Width, op.Ifm.ElementBytes * 8),
        _ => WeightTraversal.DepthFirst,
    };

    private BlockConfig Best(BlockQuery query, OperationProfile profile, int depth)
    {
        BlockConfig? best = null;
        (long Price, double Bytes) least = default;
        foreach (BlockConfig config in architecture.Blocks.FindUseful(query))
        {
            if (depth != 0 && Math.Min(config.OfmBlock.Depth, query.Ofm.Depth) != Math.Min(depth, query.Ofm.Depth))
                continue;
            OperationProfile candidate = profile with { OfmBlock = config.OfmBlock, IfmBlock = config.IfmBlock };
            OperationCost cost = OperationCost.Of(candidate, target, architecture.Cycles);
            if (best is null || (cost.Price, cost.Bytes).CompareTo(least) < 0)
                (best, least) = (config, (cost.Price, cost.Bytes));
        }
        return best ?? throw new InvalidOperationException($"no block fits {query}");
    }

    private BlockQuery Query(NpuOp op, bool partKernelFirst)
    {
        FeatureMap larger = op.Ifm2 is { } second && second.ElementCount > op.Ifm.ElementCount ? second : op.Ifm;
        return new(target.Accelerator, Operation(op.Kind), Shape(op.Ofm), Shape(larger), op.Ifm.ElementBytes * 8,
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

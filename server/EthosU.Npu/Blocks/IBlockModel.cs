using System.Collections.Immutable;
using EthosU.Npu.Targets;

namespace EthosU.Npu.Blocks;

/// <summary>Which blocks an architecture can work in, and which of them suits an operation.</summary>
internal interface IBlockModel
{
    /// <summary>The best block by elements fetched.</summary>
    /// <exception cref="InvalidOperationException">No block fits, which the limits of kernels rule out.</exception>
    BlockConfig FindBest(BlockQuery query);

    /// <summary>All blocks that fit, the best by elements fetched first.</summary>
    ImmutableArray<BlockConfig> FindAll(BlockQuery query);

    /// <summary>The division of the shared RAM for a given block of the output.</summary>
    /// <returns>False if the block is not one that the accelerator can do, or does not fit.</returns>
    bool TryFit(BlockQuery query, BlockShape block, out BlockConfig config);

    /// <summary>The block of the input that a block of the output needs.</summary>
    BlockShape IfmBlock(BlockQuery query, BlockShape block);
}

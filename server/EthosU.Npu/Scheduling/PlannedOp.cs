using EthosU.Npu.Operations;
using EthosU.Npu.Targets;
using EthosU.Npu.Weights;

namespace EthosU.Npu.Scheduling;

/// <summary>An operation with its block and its place in the order.</summary>
/// <param name="Op">The operation.</param>
/// <param name="Step">Its place in the order of the whole model: live ranges count in these.</param>
/// <param name="Block">Block of the output.</param>
/// <param name="SharedRam">Division of the shared RAM.</param>
/// <param name="Traversal">Order of the weights.</param>
internal sealed record PlannedOp(
    NpuOp Op, int Step, BlockShape Block, SharedRamLayout SharedRam, WeightTraversal Traversal)
{
    private const int WholeDepth = 1 << 16;

    /// <summary>First slot of the operation's lookup table; 0 if it has none.</summary>
    public int TableSlot { get; init; }

    /// <summary>Where the table lies in the read-only data, if it has to be loaded before the operation.</summary>
    public long? TableAddress { get; init; }

    /// <summary>True for some rows of an operation that is part of a cascade.</summary>
    public bool IsStripe { get; init; }

    /// <summary>The channel at which the whole operation is cut, so that the weights of its parts lie apart; 0 if it is not.</summary>
    public int Cut { get; init; }

    /// <summary>First channel of this part in the whole operation.</summary>
    public int FirstChannel { get; init; }

    /// <summary>Depth of the blocks for which the weights are encoded, if a part's block says less about it; otherwise 0.</summary>
    public int EncodedDepth { get; init; }

    /// <summary>The key under which the operation's encoded weights are found; operations of equal keys share them.</summary>
    public WeightKey WeightKey =>
        new(Op.Weights!, Traversal, Op.Ifm.ElementBytes * 8, EncodedDepth > 0 ? EncodedDepth
        : Block.Depth >= Op.Weights!.OutputDepth ? WholeDepth : Block.Depth,
        Op.Kernel.DilationY, Op.Kernel.DilationX, Cut);
}

namespace EthosU.Npu.Operations;

/// <summary><c>NPU_OP_RESIZE</c> (npu-u85 4.9).</summary>
public sealed record ResizeOperation : KernelOperation
{
    /// <summary>How.</summary>
    public required ResizeMode Mode { get; init; }

    /// <summary>Along the rows' direction.</summary>
    public required ResizeAxis X { get; init; }

    /// <summary>From row to row.</summary>
    public required ResizeAxis Y { get; init; }
}

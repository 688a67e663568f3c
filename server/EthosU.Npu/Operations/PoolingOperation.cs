namespace EthosU.Npu.Operations;

/// <summary><c>NPU_OP_POOL</c> (npu-commands 7.5).</summary>
public sealed record PoolingOperation : WindowOperation
{
    /// <summary>What is computed over the window.</summary>
    public required PoolingMode Mode { get; init; }

    /// <inheritdoc/>
    public override bool ReadsIfm => Mode != PoolingMode.None;
}

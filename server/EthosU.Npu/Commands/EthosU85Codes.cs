namespace EthosU.Npu.Commands;

/// <summary>Codes that mean something else on the Ethos-U85 than on those before it (npu-u85 3.2 and 3.3).</summary>
public static class EthosU85Codes
{
    /// <summary><c>NPU_SET_RESIZE_Y_OFFSET</c>.</summary>
    public const CommandCode SetResizeYOffset = CommandCode.SetAbStart;

    /// <summary><c>NPU_SET_IFM_SCALE</c>.</summary>
    public const CommandCode SetIfmScale = CommandCode.SetOpaScale;

    /// <summary><c>NPU_SET_IFM2_SCALE</c>.</summary>
    public const CommandCode SetIfm2Scale = CommandCode.SetOpbScale;

    /// <summary><c>NPU_SET_DMA0_SRC_STRIDE0</c>.</summary>
    public const CommandCode SetDma0SrcStride0 = CommandCode.SetDma0Skip0;

    /// <summary><c>NPU_SET_DMA0_SRC_STRIDE1</c>.</summary>
    public const CommandCode SetDma0SrcStride1 = CommandCode.SetDma0Skip1;

    /// <summary><c>NPU_SET_WEIGHT2_BASE</c>.</summary>
    public const CommandCode SetWeight2Base = CommandCode.SetScale1Base;

    /// <summary><c>NPU_SET_WEIGHT2_LENGTH</c>.</summary>
    public const CommandCode SetWeight2Length = CommandCode.SetScale1Length;
}

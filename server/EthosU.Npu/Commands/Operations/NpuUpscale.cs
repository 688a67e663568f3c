namespace EthosU.Npu.Commands;

/// <summary>Upscaling of the input by 2 in both directions (npu-commands 7.2).</summary>
public enum NpuUpscale
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Each element stands four times.</summary>
    Nearest = 1,

    /// <summary>Zeros stand between the elements.</summary>
    Zeros = 2,
}

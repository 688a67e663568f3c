namespace EthosU.Npu.Lowering;

/// <summary>How an operand is doubled in height and width; the numbers are the hardware's.</summary>
internal enum Upscale
{
    /// <summary>Not at all.</summary>
    None = 0,

    /// <summary>Every element four times.</summary>
    Nearest = 1,

    /// <summary>Zero points between the elements.</summary>
    Zeros = 2,
}

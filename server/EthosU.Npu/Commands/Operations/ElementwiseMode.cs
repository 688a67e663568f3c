namespace EthosU.Npu.Commands;

/// <summary>What an elementwise operation computes (npu-commands 7.6.1).</summary>
public enum ElementwiseMode
{
    /// <summary>A · B.</summary>
    Mul = 0,

    /// <summary>A + B.</summary>
    Add = 1,

    /// <summary>A − B.</summary>
    Sub = 2,

    /// <summary>The smaller one.</summary>
    Min = 3,

    /// <summary>The larger one.</summary>
    Max = 4,

    /// <summary>Scaled where negative.</summary>
    LeakyRelu = 5,

    /// <summary>Absolute value.</summary>
    Abs = 6,

    /// <summary>Number of leading zeros of 32 bits.</summary>
    LeadingZeros = 7,

    /// <summary>A shifted right by B.</summary>
    ShiftRight = 8,

    /// <summary>A shifted left by B.</summary>
    ShiftLeft = 9,
}

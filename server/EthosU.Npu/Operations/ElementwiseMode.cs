namespace EthosU.Npu.Operations;

/// <summary>What an elementwise operation computes (npu-commands 7.6.1, npu-u85 4.8).</summary>
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

    /// <summary>A shifted right by B as an unsigned number.</summary>
    LogicalShiftRight = 10,

    /// <summary>A / B, toward zero.</summary>
    Div = 11,

    /// <summary>All bits if A = B.</summary>
    Equal = 16,

    /// <summary>All bits if A ≠ B.</summary>
    NotEqual = 17,

    /// <summary>All bits if A ≥ B.</summary>
    GreaterEqual = 18,

    /// <summary>All bits if A > B.</summary>
    Greater = 19,

    /// <summary>Bits of both.</summary>
    And = 33,

    /// <summary>Bits of either.</summary>
    Or = 34,

    /// <summary>Bits of one alone.</summary>
    Xor = 35,

    /// <summary>Bits that A has not.</summary>
    Not = 36,

    /// <summary>Bits of A that B has not.</summary>
    AndNot = 42,
}

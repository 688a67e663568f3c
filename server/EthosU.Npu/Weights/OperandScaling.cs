namespace EthosU.Npu.Weights;

/// <summary>Which operands an elementwise operation rescales (NPU_SET_IFM_PRECISION, bits 8 and 9).</summary>
internal enum OperandScaling
{
    /// <summary>Both, by 16-bit factors.</summary>
    Both = 0,
    /// <summary>The first, by a 32-bit factor and a shift.</summary>
    First = 1,
    /// <summary>The second, by a 32-bit factor and a shift.</summary>
    Second = 2,
}

namespace EthosU.Npu.Commands;

/// <summary>Scaling of the operands of ADD and SUB (npu-commands 7.6.2).</summary>
/// <param name="Mode">Which operands are scaled, and how.</param>
/// <param name="A">Scale of operand A, or of the scaled operand in the modes of one.</param>
/// <param name="B">Multiplier of operand B, used when both are scaled.</param>
public readonly record struct OperandScaling(OperandScaleMode Mode, FixedPointScale A, ushort B)
{
    /// <summary>No scaling.</summary>
    public static OperandScaling Unit { get; } = new(OperandScaleMode.Both, FixedPointScale.One, 1);

    /// <summary>Rounding of the scaled operand.</summary>
    public NpuRounding Rounding { get; init; }
}

namespace EthosU.Npu.Lowering;

/// <summary>Scaling of the operands of an addition or subtraction (npu-commands, section 7.6.2).</summary>
/// <param name="Mode">0: both by 16-bit factors; 1: the first operand by <paramref name="A"/>; 2: the second one by <paramref name="A"/>.</param>
/// <param name="A">Scale of the first operand, or of the one that <paramref name="Mode"/> names.</param>
/// <param name="B">Factor of the second operand in mode 0.</param>
internal readonly record struct OperandScaling(int Mode, FixedScale A, uint B)
{
    /// <summary>No scaling.</summary>
    public static OperandScaling Unit { get; } = new(0, FixedScale.Unit, 1);
}

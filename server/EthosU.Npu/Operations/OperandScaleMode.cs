namespace EthosU.Npu.Operations;

/// <summary>Which operands of ADD and SUB are scaled.</summary>
public enum OperandScaleMode
{
    /// <summary>Both, by 16-bit multipliers.</summary>
    Both = 0,

    /// <summary>Operand A, by a 32-bit multiplier; B is shifted.</summary>
    OperandA = 1,

    /// <summary>Operand B, by a 32-bit multiplier; A is shifted.</summary>
    OperandB = 2,
}

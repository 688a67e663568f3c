namespace EthosU.Npu.Blocks;

/// <summary>The second operand of an elementwise operation.</summary>
internal enum SecondOperand
{
    /// <summary>There is none.</summary>
    None,
    /// <summary>A tensor, possibly broadcast.</summary>
    Tensor,
    /// <summary>One value in a register.</summary>
    Scalar,
}

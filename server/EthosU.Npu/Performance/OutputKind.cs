namespace EthosU.Npu.Performance;

/// <summary>Kinds of operation by the rate at which the output unit makes results (npu-scheduling 5.4).</summary>
internal enum OutputKind
{
    /// <summary>Whatever has no row of its own.</summary>
    Other,
    /// <summary>Elementwise multiplication.</summary>
    Multiply,
    /// <summary>Elementwise addition or subtraction.</summary>
    Add,
    /// <summary>Any other elementwise operation of two operands.</summary>
    Binary,
    /// <summary>Elementwise operation of one operand.</summary>
    Unary,
    /// <summary>Maximum pooling.</summary>
    MaxPool,
}

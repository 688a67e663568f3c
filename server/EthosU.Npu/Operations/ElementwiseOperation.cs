namespace EthosU.Npu.Operations;

/// <summary><c>NPU_OP_ELEMENTWISE</c> (npu-commands 7.6, npu-u85 4.8).</summary>
public sealed record ElementwiseOperation : KernelOperation
{
    /// <summary>What is computed of each element.</summary>
    public required ElementwiseMode Mode { get; init; }

    /// <summary>The stored value of the operand that is a constant, the second one as a rule; null if there is none.</summary>
    public int? Scalar { get; init; }

    /// <summary>True if the first operand is the constant (npu-u85 4.8).</summary>
    public bool IsFirstScalar { get; init; }

    /// <inheritdoc/>
    public override bool ReadsIfm => !IsFirstScalar;

    /// <inheritdoc/>
    public override bool ReadsIfm2 => Ifm2 is not null && (Scalar is null || IsFirstScalar);

    /// <summary>True if the second input is operand A and the first is operand B.</summary>
    public bool ReverseOperands { get; init; }

    /// <summary>The second input's height is 1 and repeats.</summary>
    public bool BroadcastHeight { get; init; }

    /// <summary>The second input's width is 1 and repeats.</summary>
    public bool BroadcastWidth { get; init; }

    /// <summary>The second input's depth is 1 and repeats.</summary>
    public bool BroadcastDepth { get; init; }

    /// <summary>Scaling of the operands of ADD and SUB.</summary>
    public OperandScaling OperandScaling { get; init; }

    /// <summary>True for the functions of two operands.</summary>
    public bool IsBinary => IsBinaryMode(Mode);

    /// <summary>True for the functions of two operands.</summary>
    public static bool IsBinaryMode(ElementwiseMode mode) =>
        mode is not (ElementwiseMode.LeakyRelu or ElementwiseMode.Abs or ElementwiseMode.LeadingZeros or ElementwiseMode.Not);
}

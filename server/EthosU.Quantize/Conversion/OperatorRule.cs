using EthosU.Graphs;

namespace EthosU.Quantize.Conversion;

/// <summary>How an operator is quantized.</summary>
/// <param name="Kind">What it asks of quantizations.</param>
/// <param name="Data">Indices of the operands that hold activations, or constants in their place.</param>
/// <param name="HasInt16">There is a kernel for 16-bit activations.</param>
internal sealed record OperatorRule(RuleKind Kind, int[] Data, bool HasInt16 = true)
{
    /// <summary>Index of the weights of a weighted operator.</summary>
    public int Weights { get; init; } = -1;

    /// <summary>Index of its bias.</summary>
    public int Bias { get; init; } = -1;

    /// <summary>Axis of the weights that has a scale for each slice.</summary>
    public int Axis { get; init; }

    /// <summary>The fixed quantization of the result, by type.</summary>
    public Func<ElementType, Quantization>? Fixed { get; init; }

    /// <summary>Without a kernel for 16 bits it computes in real numbers, not in 8 bits: those would lose too much.</summary>
    public bool IsFloatInsteadOfInt16 { get; init; }

    /// <summary>Why it has no integer kernel.</summary>
    public string? Reason { get; init; }
}

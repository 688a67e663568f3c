namespace EthosU.Quantize.Conversion;

/// <summary>What an operator asks of its operands' and results' quantization (tflite-kernels 1.3).</summary>
internal enum RuleKind
{
    /// <summary>There are no real numbers in it.</summary>
    Untouched,

    /// <summary>Every operand and result may have its own.</summary>
    Free,

    /// <summary>Operands and results have the same.</summary>
    Same,

    /// <summary>The result's is fixed.</summary>
    Fixed,

    /// <summary>Free, with constant weights and a bias.</summary>
    Weighted,

    /// <summary>The sequence LSTM's own rules.</summary>
    Lstm,

    /// <summary>A clamp that storing the result does: the operand is converted to the result's quantization.</summary>
    Stored,

    /// <summary>A clamp before one that is <see cref="Stored"/>: nothing is left of it.</summary>
    Absorbed,

    /// <summary>There is no integer kernel: it runs on real numbers.</summary>
    Float,
}

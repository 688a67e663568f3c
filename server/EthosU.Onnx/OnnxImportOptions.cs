using System.Collections.Immutable;
using EthosU.Interpreter;

namespace EthosU.Onnx;

/// <summary>Choices of the import.</summary>
/// <param name="BatchSize">What a symbolic batch size of an input becomes: its first axis, and axes named like it or like a batch.</param>
public sealed record OnnxImportOptions(int BatchSize = 1)
{
    /// <summary>
    /// Sizes of other symbolic axes of inputs, by the symbol's name (<c>height</c>) or by the input's name and the axis
    /// (<c>image:2</c>). A model with a symbolic axis that is neither a batch nor listed here is refused.
    /// </summary>
    public ImmutableDictionary<string, int> Sizes { get; init; } = ImmutableDictionary<string, int>.Empty;

    /// <summary>What may be spent on computing constants; null: as much as the model's size allows.</summary>
    public FoldingBudget? Folding { get; init; }
}

using System.Collections.Immutable;
using EthosU.Interpreter;

namespace EthosU.Torch;

/// <summary>Choices of the import of an exported PyTorch program.</summary>
/// <param name="BatchSize">What a free first axis of an input becomes, if its range allows it; otherwise the example's size.</param>
public sealed record TorchImportOptions(int BatchSize = 1)
{
    /// <summary>
    /// Sizes of free axes, by the symbol's name in the file (<c>s77</c>) or by the input's name and the axis (<c>image:2</c>). Those that
    /// are not listed keep the size of the example input at export.
    /// </summary>
    public ImmutableDictionary<string, int> Sizes { get; init; } = ImmutableDictionary<string, int>.Empty;

    /// <summary>What may be spent on computing constants; null: as much as the program's size allows.</summary>
    public FoldingBudget? Folding { get; init; }
}

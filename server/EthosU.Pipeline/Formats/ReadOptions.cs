using System.Collections.Immutable;
using EthosU.Interpreter;

namespace EthosU.Pipeline.Formats;

/// <summary>How a model is read.</summary>
public sealed record ReadOptions
{
    /// <summary>What a batch size that the model leaves open becomes.</summary>
    public int BatchSize { get; init; } = 1;

    /// <summary>
    /// What other open sizes become: by the symbol's name (<c>height</c>), or by the input's name and the axis (<c>image:2</c>).
    /// </summary>
    public ImmutableDictionary<string, int> Sizes { get; init; } = ImmutableDictionary<string, int>.Empty;

    /// <summary>False to read also a graph that can be shown but not run.</summary>
    internal bool Verify { get; init; } = true;

    /// <summary>What may be spent on computing constants; null: as much as the model's size allows.</summary>
    internal FoldingBudget? Folding { get; init; }
}

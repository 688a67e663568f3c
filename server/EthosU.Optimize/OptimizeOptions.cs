using EthosU.Graphs;
using EthosU.Interpreter;

namespace EthosU.Optimize;

/// <summary>Choices of the optimizer.</summary>
public sealed record OptimizeOptions
{
    /// <summary>Order of the axes of image inputs.</summary>
    public DataLayout InputLayout { get; init; } = DataLayout.Nhwc;

    /// <summary>Order of the axes of image outputs.</summary>
    public DataLayout OutputLayout { get; init; } = DataLayout.Nhwc;

    /// <summary>What may be spent on computing constants; null: as much as for a small model.</summary>
    public FoldingBudget? Folding { get; init; }

    /// <summary>Checks the graph after each pass, and names the pass that broke it. Debug builds always do.</summary>
    public bool Verify { get; init; }

    /// <summary>Watches the passes; null: nobody does.</summary>
    public PassInstrumentation? Passes { get; init; }
}

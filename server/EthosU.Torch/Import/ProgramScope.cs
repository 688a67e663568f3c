using EthosU.Torch.Programs;

namespace EthosU.Torch.Import;

/// <summary>What is known by name in a graph; those inside an operator see nothing of the others.</summary>
/// <param name="graph">The graph.</param>
internal sealed class ProgramScope(ProgramGraph graph)
{
    private ProgramUses? uses;

    /// <summary>The graph.</summary>
    public ProgramGraph Graph => graph;

    /// <summary>Tensors.</summary>
    public Dictionary<string, Value> Values { get; } = new(StringComparer.Ordinal);

    /// <summary>Sizes and other numbers.</summary>
    public Dictionary<string, Argument> Numbers { get; } = new(StringComparer.Ordinal);

    /// <summary>Values that are not there because what computes them was refused.</summary>
    public HashSet<string> Failed { get; } = new(StringComparer.Ordinal);

    /// <summary>Results that an importer does not compute, and why.</summary>
    public Dictionary<string, string> Missing { get; } = new(StringComparer.Ordinal);

    /// <summary>Who reads which value.</summary>
    public ProgramUses Uses => uses ??= new(graph);
}

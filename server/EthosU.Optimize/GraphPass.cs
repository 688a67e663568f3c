using EthosU.Graphs;

namespace EthosU.Optimize;

/// <summary>A change of a graph that keeps what it computes. Pure; gives the same object where there is nothing to do.</summary>
/// <param name="Name">What it does, for messages.</param>
/// <param name="Run">The change; stops when cancelled.</param>
internal readonly record struct GraphPass(string Name, Func<Graph, CancellationToken, Graph> Run)
{
    /// <summary>True if what follows relies on the pass, so that it cannot be left out in search of a fault.</summary>
    public bool IsNeeded { get; init; }

    /// <summary>A change that is always quick.</summary>
    public GraphPass(string name, Func<Graph, Graph> run)
        : this(name, (graph, _) => run(graph))
    {
    }
}

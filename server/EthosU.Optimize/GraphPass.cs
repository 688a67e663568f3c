using EthosU.Graphs;

namespace EthosU.Optimize;

/// <summary>A change of a graph that keeps what it computes. Pure; gives the same object where there is nothing to do.</summary>
/// <param name="Name">What it does, for messages.</param>
/// <param name="Run">The change.</param>
internal readonly record struct GraphPass(string Name, Func<Graph, Graph> Run);

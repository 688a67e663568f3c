using EthosU.Graphs;
using Xunit;

namespace EthosU.Optimize.Tests;

/// <summary>Optimizing keeps what random graphs compute, adds no movement, and has nothing left to do the second time.</summary>
public sealed class RandomGraphTests
{
    private static readonly int Count = Environment.GetEnvironmentVariable("ETHOSU_FULL_TESTS") == "1" ? 10_000 : 400;

    [Fact]
    public void GivesTheSame() => ForEachSeed((graph, optimized, seed) =>
        Numbers.AssertSame(graph, optimized, Numbers.RandomInputs(graph, seed)), new() { Verify = true });

    [Fact]
    public void GivesTheSameInPyTorchsLayout() => ForEachSeed((graph, optimized, seed) =>
    {
        Numbers.AssertSame(graph, optimized, Numbers.RandomInputs(graph, seed));
        Assert.Equal(graph.Inputs.Select(t => (t.Name, t.Shape)), optimized.Graph.Inputs.Select(t => (t.Name, t.Shape)));
        Assert.Equal(graph.Outputs.Select(t => (t.Name, t.Shape)), optimized.Graph.Outputs.Select(t => (t.Name, t.Shape)));
    }, Kept);

    [Fact]
    public void AddsNoMovement() => ForEachSeed((graph, optimized, _) => Assert.True(Movements(optimized.Graph) <= Movements(graph)), Kept);

    [Fact]
    public void HasNothingToDoTheSecondTime() => ForEachSeed((_, optimized, _) =>
        Assert.Equal(optimized.Graph.ToString(), GraphOptimizer.Optimize(optimized.Graph, Kept).Graph.ToString()), Kept);

    private static OptimizeOptions Kept => new() { InputLayout = DataLayout.Nchw, OutputLayout = DataLayout.Nchw, Verify = true };

    internal static int Movements(Graph graph) => graph.Nodes.Count(node => node.Operator is Transpose or Gather);

    private static void ForEachSeed(Action<Graph, OptimizeResult, int> check, OptimizeOptions options)
    {
        List<string> problems = [];
        for (int seed = 0; seed < Count; seed++)
        {
            Graph graph = RandomGraph.Make(seed);
            graph.Verify();
            try
            {
                check(graph, GraphOptimizer.Optimize(graph, options), seed);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                problems.Add($"seed {seed}: {e.GetType().Name} {e.Message}\n{graph}");
            }
        }
        Assert.True(problems.Count == 0, $"{problems.Count} of {Count} fail; the first:\n{problems.FirstOrDefault()}");
    }
}

using System.Reflection;
using EthosU.Graphs;
using Xunit;

namespace EthosU.Optimize.Tests;

/// <summary>Small graphs, each for one pass: what becomes of them stands in <c>Data/passes</c>.</summary>
public sealed class PassTests
{
    private static readonly OptimizeOptions Kept = new() { InputLayout = DataLayout.Nchw, OutputLayout = DataLayout.Nchw, Verify = true };

    public static TheoryData<string> Cases =>
        [.. typeof(PassCases).GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.DeclaredOnly)
        .Select(method => method.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void BecomesWhatIsExpected(string name)
    {
        GraphBuilder builder = new(name);
        typeof(PassCases).GetMethod(name)!.Invoke(null, [builder]);
        Graph graph = builder.Build();
        graph.Verify();
        OptimizeResult optimized = GraphOptimizer.Optimize(graph, Kept);
        Expected.AssertText(Path.Combine("passes", $"{name}.txt"), $"{graph}->\n{optimized.Graph}");
        Numbers.AssertSame(graph, optimized, Numbers.RandomInputs(graph, 1));
        Assert.Equal(optimized.Graph.ToString(), GraphOptimizer.Optimize(optimized.Graph, Kept).Graph.ToString());
    }

    [Fact]
    public void StopsWhenCancelled()
    {
        using CancellationTokenSource source = new();
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() => GraphOptimizer.Optimize(RandomGraph.Make(1), cancellation: source.Token));
    }

    /// <summary>Not only between passes: the long ones look at the token at each node.</summary>
    [Theory]
    [InlineData("pushing of transposes")]
    [InlineData("constant folding")]
    [InlineData("common subexpressions")]
    public void StopsInsideALongPass(string pass)
    {
        using CancellationTokenSource source = new();
        source.Cancel();
        GraphBuilder builder = new();
        Tensor y = builder.Add(new Unary(UnaryKind.Relu), "y", Source.None, builder.AddInput("x", ElementType.Float32, [1]));
        builder.AddOutput(y);
        Graph graph = builder.Build();
        Assert.Throws<OperationCanceledException>(() => pass switch
        {
            "pushing of transposes" => Layout.TransposePushing.Run(graph, source.Token),
            "constant folding" => Passes.ConstantFolding.Run(graph, new(), source.Token),
            _ => Passes.CommonSubexpressions.Run(graph, source.Token),
        });
    }

    [Fact]
    public void KeepsLargeResultsOfConstantsUnfolded()
    {
        GraphBuilder builder = new();
        Tensor one = builder.AddConstant("one", TensorData.From<float>([1, 1], [1]));
        builder.AddOutput(builder.Add(new BroadcastTo(), "y", Source.None, one, builder.AddIntegers("shape", 1000, 1000)));
        Assert.Single(GraphOptimizer.Optimize(builder.Build(), Kept).Graph.Nodes);
    }

    /// <summary>
    /// Graphs of thousands of nodes, in a row or around one tensor, take no longer than in proportion; a hang is stopped.
    /// </summary>
    [Theory]
    [InlineData("row")]
    [InlineData("star")]
    [InlineData("pools")]
    public void ManyNodesAreQuick(string form)
    {
        const int count = 20_000;
        GraphBuilder builder = new();
        Tensor x = builder.AddInput("x", ElementType.Float32, [1, 4, 4, 4]), order = builder.AddIntegers("order", 0, 2, 3, 1), y = x;
        for (int i = 0; i < count / 2; i++)
        {
            switch (form)
            {
                case "row":
                    y = builder.Add(new Unary(UnaryKind.Tanh), "t", Source.None, builder.Add(new Transpose(), "r", Source.None, y, order));
                    break;
                case "star": // each transposition puts other channels first, so that no two are one
                    Tensor moved = builder
                        .Add(new Gather(3), "g", Source.None, x,
                        builder.AddIntegers("o", i % 2, 1 - (i % 2), 2 + (i / 2 % 2), 3 - (i / 2 % 2)));
                    y = builder.Add(new Binary(BinaryKind.Maximum), "m", Source.None, y, moved);
                    break;
                default:
                    y = builder.Add(new Pool2D(PoolKind.Max, Padding.Same, 1, 1, 2, 2), "p", Source.None,
                        builder.Add(new Transpose(), "r", Source.None, y, order));
                    break;
            }
        }
        builder.AddOutput(y);
        using CancellationTokenSource stop = new(TimeSpan.FromMinutes(1));
        Assert.NotEmpty(GraphOptimizer.Optimize(builder.Build(), new(), null, stop.Token).Graph.Nodes);
    }
}

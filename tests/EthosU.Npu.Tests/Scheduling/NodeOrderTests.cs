using EthosU.Graphs;
using EthosU.Npu.Scheduling;
using Xunit;

namespace EthosU.Npu.Tests.Scheduling;

public sealed class NodeOrderTests
{
    private static Tensor Chain(GraphBuilder builder, Tensor from, params ReadOnlySpan<UnaryKind> kinds)
    {
        foreach (UnaryKind kind in kinds)
            from = builder.Add(new Unary(kind), kind.ToString(), Source.None, from);
        return from;
    }

    [Fact]
    public void Parallel_branches_change_sides_together()
    {
        GraphBuilder builder = new();
        Tensor x = builder.AddInput("x", ElementType.Int8, [1, 4, 4, 8]);
        // Each branch: NPU, CPU, NPU. One after the other that would be four parts on the NPU.
        for (int i = 0; i < 3; i++)
            builder.AddOutput(Chain(builder, x, UnaryKind.Relu, UnaryKind.Elu, UnaryKind.Relu));
        Graph graph = builder.Build();
        bool OnNpu(Node node) => node.Operator is Unary { Kind: UnaryKind.Relu };
        Node[] order = NodeOrder.Find(graph, OnNpu);
        Assert.Equal(2, NpuRun.Split(graph, order, OnNpu).Count);
        HashSet<Tensor> known = [x];
        foreach (Node node in order)
        {
            Assert.All(node.Inputs, input => Assert.Contains(input!, known));
            known.UnionWith(node.Outputs);
        }
    }

    [Fact]
    public void What_frees_memory_runs_early()
    {
        GraphBuilder builder = new();
        Tensor x = builder.AddInput("x", ElementType.Int8, [1, 16, 16, 16]);
        // Two branches that begin large and end small: one after the other needs less than side by side.
        Tensor a = builder.Add(new Unary(UnaryKind.Relu), "a", Source.None, x),
            b = builder.Add(new Unary(UnaryKind.Relu), "b", Source.None, x);
        Pool2D pool = new(PoolKind.Max, Padding.Valid, 1, 1, 16, 16);
        Tensor c = builder.Add(pool, "c", Source.None, a), d = builder.Add(pool, "d", Source.None, b);
        builder.AddOutput(builder.Add(new Binary(BinaryKind.Add), "sum", Source.None, c, d));
        Node[] order = NodeOrder.Find(builder.Build(), _ => true);
        string names = string.Concat(order.Select(node => node.Output.Name));
        Assert.Contains(names, (string[])["acbdsum", "bdacsum"]);
    }
}

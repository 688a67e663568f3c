using EthosU.Graphs;
using EthosU.Npu.Commands;
using EthosU.Npu.Targets;
using Xunit;

namespace EthosU.Npu.Tests.Compiler;

public sealed class NpuCompilerTests
{
    private static readonly Target U55 = TargetCatalog.Standard.Resolve("ethos-u55-128");
    private static readonly Quantization Scale = Quantization.PerTensor(0.1f, -5);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>RELU and L2_NORMALIZATION in turns: one on the NPU, the other on the CPU.</summary>
    private static Graph Alternating(int pairs)
    {
        GraphBuilder builder = new("alternating");
        Tensor x = builder.AddInput("x", ElementType.Int8, [1, 4, 4, 8], Scale);
        for (int i = 0; i < pairs; i++)
        {
            Tensor a = new($"a{i}", ElementType.Int8, x.Shape, Scale), b = new($"b{i}", ElementType.Int8, x.Shape, Scale);
            builder.AddNode(new(new Unary(UnaryKind.Relu), [x], [a], new Source { NodeName = $"relu{i}" }));
            builder.AddNode(new(new L2Normalization(), [a], [b], new Source { NodeName = $"norm{i}" }));
            x = b;
        }
        builder.AddOutput(x);
        return builder.Build();
    }

    [Fact]
    public void Parts_on_the_npu_become_operators_that_share_their_memory()
    {
        CompileResult result = NpuCompiler.Compile(Alternating(2), new(U55), cancellation: Cancellation);
        result.Graph.Verify();
        Node[] npu = [.. result.Graph.Nodes.Where(EthosUNode.Matches)];
        Assert.Equal(2, npu.Length);
        Assert.Equal(2, result.NpuOperatorCount);
        Assert.Equal([0, null, 1, null], result.Placement.Select(p => p.NpuOperator));
        EthosUNode first = EthosUNode.Of(npu[0], "x"), second = EthosUNode.Of(npu[1], "x");
        Assert.Same(first.Scratch, second.Scratch);
        Assert.Same(first.ReadOnlyData, second.ReadOnlyData);
        Assert.NotSame(first.Payload, second.Payload);
        Assert.Equal(["x"], first.Inputs.Select(t => t.Name));
        Assert.Equal(["a0"], first.Outputs.Select(t => t.Name));
        Assert.Equal(2, result.Findings.Count(f => f.Operator == "L2_NORMALIZATION"));
    }

    [Fact]
    public void Every_tensor_in_the_arena_has_a_place_in_the_memory_plan()
    {
        CompileResult result = NpuCompiler.Compile(Alternating(2), new(U55), cancellation: Cancellation);
        OfflineMemoryPlan plan = OfflineMemoryPlan.Of(result.Graph, "x")!;
        Tensor[] tensors = [.. result.Graph.Tensors];
        Assert.Equal(tensors.Length, plan.Offsets.Length);
        for (int i = 0; i < tensors.Length; i++)
        {
            Assert.Equal(tensors[i].IsConstant, plan.Offsets[i] < 0);
            Assert.True(plan.Offsets[i] < 0 || plan.Offsets[i] % 16 == 0);
            Assert.True(plan.Offsets[i] < 0 || plan.Offsets[i] + tensors[i].Shape.ElementCount <= result.Memory.ArenaBytes);
        }
    }

    [Fact]
    public void The_same_model_gives_the_same_bytes()
    {
        Graph graph = Alternating(3);
        CompileResult first = NpuCompiler.Compile(graph, new(U55), cancellation: Cancellation),
            second = NpuCompiler.Compile(graph, new(U55), cancellation: Cancellation);
        Assert.Equal(first.Graph.Tensors.Select(t => t.Name), second.Graph.Tensors.Select(t => t.Name));
        foreach ((Tensor a, Tensor b) in first.Graph.Tensors.Zip(second.Graph.Tensors))
            Assert.Equal((a.Data?.Bytes ?? default).ToArray(), (b.Data?.Bytes ?? default).ToArray());
        Assert.True(first.Graph.Metadata[^1].Data.Span.SequenceEqual(second.Graph.Metadata[^1].Data.Span));
    }

    [Fact]
    public void A_compiled_model_is_refused()
    {
        CompileResult result = NpuCompiler.Compile(Alternating(1), new(U55), cancellation: Cancellation);
        UnsupportedModelException refused =
            Assert.Throws<UnsupportedModelException>(() => NpuCompiler.Compile(result.Graph, new(U55), cancellation: Cancellation));
        Assert.Equal("compile-already-compiled", Assert.Single(refused.Findings).RuleId);
    }

    [Theory]
    [InlineData(new[] { 1, 2 }, new int[0], "An input, 'x' [1, ?, ?, 8], has a size that is known only at run time.")]
    [InlineData(new int[0], new[] { 0 }, "A result, 'y' [?, 4, 4, 8], has a size that is known only at run time.")]
    public void Sizes_known_only_at_run_time_are_refused(int[] open, int[] follow, string reason)
    {
        UnsupportedModelException refused =
            Assert.Throws<UnsupportedModelException>(() => NpuCompiler.Compile(Relu(open, follow), new(U55), cancellation: Cancellation));
        Finding finding = Assert.Single(refused.Findings);
        Assert.Equal(("compile-dynamic-shape", reason), (finding.RuleId, finding.Reason));
    }

    [Fact]
    public void An_open_batch_is_one_image() =>
    Assert.True(NpuCompiler.Compile(Relu([0], [0]), new(U55), cancellation: Cancellation).RunsEntirelyOnNpu);

    private static Graph Relu(int[] open, int[] follow)
    {
        Tensor x = new("x", ElementType.Int8, [1, 4, 4, 8], Scale) { OpenAxes = [.. open] },
            y = new("y", ElementType.Int8, x.Shape, Scale) { OpenAxes = [.. follow] };
        return new("open", [new(new Unary(UnaryKind.Relu), [x], [y])], [x], [y]);
    }

    [Fact]
    public void A_model_without_operators_is_refused()
    {
        GraphBuilder builder = new();
        builder.AddOutput(builder.AddInput("x", ElementType.Int8, [1], Scale));
        Assert.Equal("compile-empty-model",
            Assert.Throws<UnsupportedModelException>(
                () => NpuCompiler.Compile(builder.Build(), new(U55), cancellation: Cancellation)).Findings[0].RuleId);
    }

    [Fact]
    public void A_model_for_the_cpu_alone_stays_as_it_is()
    {
        Graph graph = Alternating(1);
        CompileResult result = NpuCompiler.Compile(graph, new(U55) { KeepOnCpu = ["relu0"] }, cancellation: Cancellation);
        Assert.Same(graph, result.Graph);
        Assert.Contains(result.Findings, f => f.RuleId == "compile-kept-on-cpu" && f.Source.NodeName == "relu0");
        Assert.False(result.RunsEntirelyOnNpu);
    }

    [Fact]
    public void Fast_memory_is_used_only_where_the_memory_mode_has_it()
    {
        GraphBuilder builder = new();
        Tensor x = builder.AddInput("x", ElementType.Int8, [1, 8, 8, 16], Scale);
        foreach (string name in new[] { "a", "b", "c" })
        {
            Tensor y = new(name, ElementType.Int8, x.Shape, Scale);
            builder.AddNode(new(new Pool2D(PoolKind.Max, Padding.Same, 1, 1, 3, 3), [x], [y]));
            x = y;
        }
        builder.AddOutput(x);
        Graph graph = builder.Build();
        Assert.Equal(0, NpuCompiler.Compile(graph, new(U55), cancellation: Cancellation).Memory.FastBytes);
        Target spilling = TargetCatalog.Standard.Resolve("ethos-u65-256", "Ethos_U65_High_End", "Dedicated_Sram");
        CompileResult spilled = NpuCompiler.Compile(graph, new(spilling), cancellation: Cancellation);
        Assert.Equal(2048, spilled.Memory.FastBytes);
        Target tight = TargetCatalog.Standard.Resolve("ethos-u65-256", "Ethos_U65_High_End", "Dedicated_Sram", 1024);
        Assert.InRange(NpuCompiler.Compile(graph, new(tight), cancellation: Cancellation).Memory.FastBytes, 1, 1024);
    }

    [Fact]
    public void An_arena_larger_than_wished_is_a_finding()
    {
        Target small = TargetCatalog.Standard.Resolve("ethos-u55-128", arenaCacheSize: 64);
        CompileResult result = NpuCompiler.Compile(Alternating(1), new(small), cancellation: Cancellation);
        Finding finding = Assert.Single(result.Findings, f => f.RuleId == "compile-memory-limit");
        Assert.Contains($"fits in 64 bytes of tensor arena: the smallest takes {result.Memory.ArenaBytes}.", finding.Reason,
            StringComparison.Ordinal);
        Assert.Contains(result.Placement.Where(static node => node.NpuOperator is not null),
            node => finding.Reason.Contains($"'{node.Node}' (", StringComparison.Ordinal));
        Target enough = TargetCatalog.Standard.Resolve("ethos-u55-128", arenaCacheSize: result.Memory.ArenaBytes);
        Assert.DoesNotContain(NpuCompiler.Compile(Alternating(1), new(enough), cancellation: Cancellation).Findings,
            f => f.RuleId == "compile-memory-limit");
    }

    [Fact]
    public void Progress_grows_to_the_whole()
    {
        List<double> shares = [];
        NpuCompiler.Compile(Alternating(2), new(U55), new Collector(p => shares.Add(p.Fraction)), Cancellation);
        Assert.Equal(shares.Order(), shares);
        Assert.Equal(1, shares[^1]);
    }

    [Fact]
    public void A_cancelled_compilation_ends()
    {
        using CancellationTokenSource cancelled = new();
        cancelled.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => NpuCompiler.Compile(Alternating(2), new(U55), cancellation: cancelled.Token));
    }

    private sealed class Collector(Action<CompileProgress> report) : IProgress<CompileProgress>
    {
        public void Report(CompileProgress value) => report(value);
    }
}

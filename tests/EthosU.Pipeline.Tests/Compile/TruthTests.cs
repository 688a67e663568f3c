using EthosU.Graphs;
using EthosU.Npu.Support;
using EthosU.Npu.Targets;
using Xunit;

namespace EthosU.Pipeline.Tests.Compile;

/// <summary>Comparisons, what is made of them, and choices run on the NPU with the interpreter's bytes.</summary>
public sealed class TruthTests
{
    private static readonly Quantization Coarse = Quantization.PerTensor(0.05f, -3), Fine = Quantization.PerTensor(0.001f, 7),
        Other = Quantization.PerTensor(0.07f, 20), Fine16 = Quantization.PerTensor(0.001f, 0);

    [Fact]
    public void A_choice_of_16_bits_by_what_is_no_truth_value_stays_on_the_processor()
    {
        GraphBuilder builder = new("damaged");
        Tensor condition = builder.AddInput("c", ElementType.Float32, []);
        Tensor[] values = [.. new[] { "x", "y" }.Select(name => builder.AddInput(name, ElementType.Int16, [1, 6, 7, 8], Fine16))];
        Tensor result = new("z", ElementType.Int16, [1, 6, 7, 8], Fine16);
        builder.AddNode(new(new SelectV2(), [condition, .. values], [result], new Source { NodeName = "choice" }));
        builder.AddOutput(result);
        Graph graph = builder.Build();
        Node node = graph.Nodes.Single();
        Assert.Equal(Placement.Cpu, SupportChecker.Check(graph, TargetCatalog.Standard.Resolve("ethos-u55-128")).Placements[node]);
    }

    public static TheoryData<CompareKind> Kinds => [.. Enum.GetValues<CompareKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_comparison_becomes_numbers(CompareKind kind)
    {
        foreach ((Quantization a, Quantization b) in (ReadOnlySpan<(Quantization, Quantization)>)
            [(Coarse, Coarse), (Fine, Fine), (Coarse, Other), (Fine, Coarse)])
            Check(builder =>
            {
                (Tensor x, Tensor y) = (Input(builder, "x", a, 1, 5, 6, 7), Input(builder, "y", b, 1, 5, 1, 7));
                return Numbers(builder, Truth(builder, new Compare(kind), [1, 5, 6, 7], x, y), Quantization.PerTensor(0.013f, -100));
            });
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_comparison_with_a_constant_chooses(CompareKind kind)
    {
        foreach (Quantization bound in (Quantization[])[Coarse, Other])
            Check(builder =>
            {
                Tensor x = Input(builder, "x", Coarse, 1, 5, 6, 7), y = Input(builder, "y", Other, 1, 5, 1, 7);
                Tensor truth = Truth(builder, new Compare(kind), x.Shape, x, new("bound", TensorData.Scalar<sbyte>(11), bound));
                return Chosen(builder, truth, x, y);
            });
    }

    [Fact]
    public void Truth_values_are_joined() => Check(builder =>
    {
        Tensor x = Input(builder, "x", Coarse, 1, 5, 6, 7), y = Input(builder, "y", Coarse, 1, 5, 6, 7);
        Tensor less = Truth(builder, new Compare(CompareKind.Less), x.Shape, x, y),
            large = Truth(builder, new Compare(CompareKind.Greater), x.Shape, x, new("bound", TensorData.Scalar<sbyte>(50), Coarse)),
            constant = new("constant", new TensorData(ElementType.Bool, [7], new byte[] { 1, 0, 0, 1, 1, 0, 1 }));
        Tensor both = Truth(builder, new Binary(BinaryKind.LogicalAnd), x.Shape, less, constant),
            either = Truth(builder, new Binary(BinaryKind.LogicalOr), x.Shape, both, large),
            none = Truth(builder, new Unary(UnaryKind.LogicalNot), x.Shape, either);
        builder.AddOutput(Numbers(builder, none, Coarse));
        return Chosen(builder, either, x, y);
    });

    [Fact]
    public void What_is_kept_on_the_processor_keeps_its_truth_values()
    {
        GraphBuilder builder = new("truth");
        Tensor x = Input(builder, "x", Coarse, 4, 4), y = Input(builder, "y", Coarse, 4, 4);
        Tensor truth = Truth(builder, new Compare(CompareKind.Less), x.Shape, x, y);
        builder.AddOutput(Chosen(builder, truth, x, y));
        Graph graph = builder.Build();
        CompileCheck check = CompileCheck.AgainstInterpreter(graph,
            new(CompileCheck.Target("ethos-u55-128", "Shared_Sram")) { KeepOnCpu = [graph.Nodes[^1].Name] },
            CompileCheck.Noise(graph, 1, 1));
        Assert.Equal(0, check.DifferingBytes);
        Assert.Equal([null, null], check.Result.Placement.Select(node => node.NpuOperator));
    }

    [Fact]
    public void An_operand_that_repeats_is_not_repeated_first()
    {
        GraphBuilder builder = new("broadcast");
        Tensor x = Input(builder, "x", Coarse, 1, 9, 9, 8), y = Input(builder, "y", Other, 1, 1, 1, 8);
        Tensor wide = new("wide", ElementType.Int8, x.Shape, Other), z = new("z", ElementType.Int8, x.Shape, Fine);
        builder.AddNode(new(new BroadcastTo(), [y, new Tensor("shape", TensorData.Vector<int>(1, 9, 9, 8))], [wide]));
        builder.AddNode(new(new Binary(BinaryKind.Mul), [x, wide], [z]));
        builder.AddOutput(z);
        Graph graph = builder.Build();
        CompileCheck check = CompileCheck.AgainstInterpreter(graph, CompileCheck.Target("ethos-u55-128", "Shared_Sram"), 2, 1);
        Assert.Equal(0, check.DifferingBytes);
        Assert.Single(check.Result.Operations);
        Assert.True(check.Result.RunsEntirelyOnNpu);
    }

    private static Tensor Input(GraphBuilder builder, string name, Quantization quantization, params int[] shape) =>
        builder.AddInput(name, ElementType.Int8, [.. shape], quantization);

    private static Tensor Truth(GraphBuilder builder, Operator op, Shape shape, params Tensor[] operands)
    {
        Tensor truth = new($"{builder.NodeCount}/truth", ElementType.Bool, shape);
        builder.AddNode(new(op, [.. operands], [truth]));
        return truth;
    }

    private static Tensor Numbers(GraphBuilder builder, Tensor truth, Quantization quantization)
    {
        Tensor real = new($"{truth.Name}/real", ElementType.Float32, truth.Shape),
            stored = new($"{truth.Name}/stored", ElementType.Int8, truth.Shape, quantization);
        builder.AddNode(new(new Cast(), [truth], [real]));
        builder.AddNode(new(new Graphs.Quantize(), [real], [stored]));
        return stored;
    }

    private static Tensor Chosen(GraphBuilder builder, Tensor truth, Tensor yes, Tensor no)
    {
        Tensor chosen = new("chosen", ElementType.Int8, truth.Shape, yes.Quantization);
        builder.AddNode(new(new SelectV2(), [truth, yes, no], [chosen]));
        return chosen;
    }

    private static void Check(Func<GraphBuilder, Tensor> build)
    {
        GraphBuilder builder = new("truth");
        builder.AddOutput(build(builder));
        Graph graph = builder.Build();
        foreach (string accelerator in (string[])["ethos-u55-128", "ethos-u65-512"])
        {
            CompileCheck check = CompileCheck.AgainstInterpreter(graph, new(CompileCheck.Target(accelerator, "Shared_Sram")),
                CompileCheck.Extremes(graph, samples: 3, seed: 1));
            Assert.Equal(0, check.DifferingBytes);
            Assert.Empty(check.Violations.Take(3));
            Assert.True(check.Result.RunsEntirelyOnNpu, string.Join("; ", check.Result.Findings));
        }
    }
}

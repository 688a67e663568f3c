using EthosU.Graphs;
using EthosU.Interpreter;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Xunit;

namespace EthosU.Optimize.Tests;

/// <summary>The zoo's networks, optimized, still give the same numbers.</summary>
public sealed class ZooTests
{
    private static readonly OptimizeOptions Checked = new() { Verify = true };

    public static TheoryData<string> Models => Zoo.Models;

    [Theory]
    [MemberData(nameof(Models))]
    public void GivesTheSameAsTheImportAndOnnxRuntime(string name)
    {
        Graph graph = Zoo.Import(name);
        OptimizeResult optimized = GraphOptimizer.Optimize(graph, Checked);
        for (int seed = 0; seed < 2; seed++)
        {
            TensorData[] inputs = Numbers.RandomInputs(graph, seed);
            Numbers.AssertSame(graph, optimized, inputs);
            using InferenceSession session = new(Zoo.PathOf(name));
            using var expected = session.Run([NamedOnnxValue.CreateFromTensor(graph.Inputs[0].Name,
                new DenseTensor<float>(inputs[0].ToFloatArray().AsMemory(), [.. inputs[0].Shape]))]);
            TensorData want = TensorData.From<float>(graph.Outputs[0].Shape, [.. expected[0].AsEnumerable<float>()]);
            Numbers.AssertClose([want], Numbers.Run(optimized, inputs), 1e-4f);
        }
    }

    /// <summary>Each operator as often as <c>Data/zoo</c> says.</summary>
    [Theory]
    [MemberData(nameof(Models))]
    public void HasTheExpectedOperators(string name)
    {
        Graph graph = GraphOptimizer.Optimize(Zoo.Import(name), Checked).Graph;
        Expected.AssertText(Path.Combine("zoo", $"{name}.txt"), string.Concat(graph.Nodes.GroupBy(node => Describe(node.Operator))
            .OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => $"{group.Count()} {group.Key}\n")));
        Assert.Equal(new Shape([1, 32, 32, 3]), graph.Inputs[0].Shape);
        Assert.Equal(Zoo.Import(name).Outputs[0].Name, graph.Outputs[0].Name);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void HasNothingToDoTheSecondTime(string name)
    {
        Graph once = GraphOptimizer.Optimize(Zoo.Import(name), Checked).Graph;
        OptimizeOptions kept = new() { InputLayout = DataLayout.Nchw, OutputLayout = DataLayout.Nchw, Verify = true };
        Assert.Equal(once.ToString(), GraphOptimizer.Optimize(once, kept).Graph.ToString());
    }

    /// <summary>Passes can be left out in search of the one that is at fault.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    [InlineData(25)]
    public void GivesTheSameWhereTheLastPassesAreLeftOut(int count)
    {
        Graph graph = Zoo.Import("simple_network");
        List<string> lines = [];
        OptimizeResult optimized =
            GraphOptimizer.Optimize(graph, new() { Verify = true, Passes = new(PassMode.Bisect, count, lines.Add) });
        Numbers.AssertSame(graph, optimized, Numbers.RandomInputs(graph, 4));
        Assert.Contains(lines, static line => line.EndsWith("left out", StringComparison.Ordinal));
    }

    [Fact]
    public void SaysWhatPyTorchsLayoutCosts()
    {
        Graph graph = Zoo.Import("simple_network");
        OptimizeResult result = GraphOptimizer.Optimize(graph, new() { InputLayout = DataLayout.Nchw, Verify = true });
        Assert.Equal(graph.Inputs[0].Shape, result.Graph.Inputs[0].Shape);
        Assert.Single(result.Graph.Nodes, node => node.Operator is Transpose);
        Finding finding = Assert.Single(result.Findings);
        Assert.Equal("layout-input-nchw", finding.RuleId);
        Assert.Contains("3,072", finding.Reason, StringComparison.Ordinal);
        Numbers.AssertSame(graph, result, Numbers.RandomInputs(graph, 3));
    }

    /// <summary>
    /// A tensor that says it holds a value of the source model does: ONNX Runtime computes the same elements for that value, in
    /// whatever order. The quantizer takes ranges by these names.
    /// </summary>
    [Theory]
    [MemberData(nameof(Models))]
    public void OriginsTellTheTruth(string name)
    {
        Graph graph = Zoo.Import(name);
        OptimizeResult optimized = GraphOptimizer.Optimize(graph, Checked);
        TensorData[] inputs = Numbers.RandomInputs(graph, 5);
        Dictionary<string, float[]> values = new(StringComparer.Ordinal);
        new GraphInterpreter(graph).Run(inputs, (tensor, data) =>
        {
            if (tensor.Origin == tensor.Name && data.Type == ElementType.Float32)
                values[tensor.Name] = Sorted(data);
        });
        int compared = 0;
        TensorData image = Numbers.Arranged(inputs[0], optimized.InputAxes[0]);
        new GraphInterpreter(optimized.Graph).Run([image], (tensor, data) =>
        {
            if (tensor.Origin is null || !values.TryGetValue(tensor.Origin, out float[]? want))
                return;
            compared++;
            float[] got = Sorted(data);
            Assert.Equal(want.Length, got.Length);
            float scale = Math.Max(Math.Abs(want[0]), Math.Abs(want[^1]));
            Assert.True(want.Zip(got).All(p => Math.Abs(p.First - p.Second) <= 1e-4f * scale),
                $"'{tensor.Name}' does not hold '{tensor.Origin}'");
        });
        Assert.True(compared >= 8, $"only {compared} tensors could be compared");

        static float[] Sorted(TensorData data)
        {
            float[] sorted = data.ToFloatArray();
            Array.Sort(sorted);
            return sorted;
        }
    }

    private static string Describe(Operator op)
    {
        string padding = op switch
        {
            Conv2D conv => $" {conv.Padding}",
            DepthwiseConv2D conv => $" {conv.Padding}",
            Pool2D pool => $" {pool.Padding}",
            _ => "",
        };
        return $"{op.Name}{padding}{(op.Activation == FusedActivation.None ? "" : $" {op.Activation}")}";
    }
}

using EthosU.Graphs;
using EthosU.Interpreter;
using Xunit;

namespace EthosU.Import.Tests;

/// <summary>A graph that one formula makes of inputs with values, and what it computes of them.</summary>
internal sealed class FormulaGraph
{
    private readonly GraphBuilder builder = new("formula");
    private readonly Dictionary<Tensor, Numbers> given = [];
    private readonly Random random = new(5);

    public FormulaGraph() => Emitter = new(builder, new(), TestFrontEnd.Words)
    {
        At = new("test.operator", "value", new Source { NodeName = "node", OperatorType = "test.operator" }),
    };

    public GraphEmitter Emitter { get; }

    /// <summary>An input of numbers between −2 and 2.</summary>
    public Tensor Input(params int[] sizes) => Input(Random(sizes));

    /// <summary>An input of given numbers.</summary>
    public Tensor Input(Numbers values)
    {
        Tensor input = builder.AddInput($"input{given.Count}", ElementType.Float32, [.. values.Sizes]);
        given[input] = values;
        return input;
    }

    /// <summary>A constant of numbers between −2 and 2.</summary>
    public Tensor Constant(params int[] sizes) => Constant(Random(sizes));

    /// <summary>A constant of given numbers.</summary>
    public Tensor Constant(Numbers values) => Emitter.Constant(DataOf(values));

    /// <summary>What an input or a constant holds.</summary>
    public Numbers Of(Tensor tensor) => given.TryGetValue(tensor, out Numbers? values) ? values
        : new([.. tensor.Shape], Array.ConvertAll(tensor.Data!.ToFloatArray(), static value => (double)value));

    /// <summary>The graph that gives a tensor.</summary>
    public Graph Build(Tensor result)
    {
        builder.AddOutput(result);
        Graph graph = builder.Build();
        graph.Verify("a formula");
        return graph;
    }

    /// <summary>Compares a result of the formula with what its definition gives.</summary>
    public void Gives(Numbers expected, Tensor result, double tolerance = 1e-5)
    {
        Assert.Equal(expected.Sizes, result.Shape);
        float[] actual = result.Data is { } data ? data.ToFloatArray()
            : new GraphInterpreter(Build(result)).Run([.. given.Values.Select(DataOf)],
                cancellation: TestContext.Current.CancellationToken)[0].ToFloatArray();
        double scale = Math.Max(1, expected.Values.Max(Math.Abs));
        for (int i = 0; i < actual.Length; i++)
            Assert.True(Math.Abs(actual[i] - expected.Values[i]) <= tolerance * scale,
                $"element {i} is {actual[i]} instead of {expected.Values[i]}");
    }

    private Numbers Random(int[] sizes) => Numbers.Make(sizes, _ => (float)((random.NextDouble() * 4) - 2));

    private static TensorData DataOf(Numbers values) =>
        TensorData.From<float>([.. values.Sizes], Array.ConvertAll(values.Values, static value => (float)value));
}

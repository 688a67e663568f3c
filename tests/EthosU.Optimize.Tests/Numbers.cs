using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Interpreter;
using Xunit;

namespace EthosU.Optimize.Tests;

/// <summary>Runs graphs before and after, and compares.</summary>
internal static class Numbers
{
    public static TensorData[] RandomInputs(Graph graph, int seed)
    {
        Random random = new(seed);
        bool divides = graph.Nodes
            .Any(node => node.Operator is Binary { Kind: BinaryKind.FloorMod or BinaryKind.FloorDiv or BinaryKind.Div });
        return [.. graph.Inputs.Select(input => Random(input, random, divides ? (byte)1 : (byte)0))];
    }

    private static TensorData Random(Tensor tensor, Random random, byte integers)
    {
        int count = checked((int)tensor.Shape.ElementCount);
        return tensor.Type switch
        {
            ElementType.Float32 => TensorData.From<float>(tensor.Shape, [.. Enumerable.Range(0, count).Select(_ => random.NextSingle())]),
            ElementType.Bool => TensorData.From<bool>(tensor.Shape, [.. Enumerable.Range(0, count).Select(_ => random.Next(2) == 0)]),
            _ => new TensorData(tensor.Type, tensor.Shape, Enumerable.Range(0, checked((int)tensor.Type.ByteCount(count)))
                .Select(i => i % tensor.Type.ByteSize() == 0 ? integers : (byte)0).ToArray()),
        };
    }

    /// <summary>Asserts that the optimized graph gives what the graph gave, axes permuted as it says.</summary>
    public static void AssertSame(Graph graph, OptimizeResult optimized, IReadOnlyList<TensorData> inputs, float tolerance = 1e-4f) =>
        AssertClose(new GraphInterpreter(graph).Run(inputs), Run(optimized, inputs), tolerance);

    /// <summary>The optimized graph's outputs for inputs in the order of axes before, in that order.</summary>
    public static TensorData[] Run(OptimizeResult optimized, IReadOnlyList<TensorData> inputs)
    {
        TensorData[] permuted = [.. inputs.Select((input, i) => Arranged(input, optimized.InputAxes[i]))];
        TensorData[] outputs = new GraphInterpreter(optimized.Graph).Run(permuted);
        return [.. outputs.Select((output, i) => Arranged(output, Inverse(optimized.OutputAxes[i])))];
    }

    public static void AssertClose(TensorData[] want, TensorData[] got, float tolerance)
    {
        Assert.Equal(want.Length, got.Length);
        for (int i = 0; i < want.Length; i++)
        {
            Assert.Equal(want[i].Shape, got[i].Shape);
            float[] a = want[i].ToFloatArray(), b = got[i].ToFloatArray();
            float scale = a.Where(float.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max();
            for (int j = 0; j < a.Length; j++)
                Assert.True(a[j] == b[j] || (float.IsNaN(a[j]) && float.IsNaN(b[j]))
                    || Math.Abs(a[j] - b[j]) <= tolerance * Math.Max(scale, 1e-3f),
                    $"output {i}, element {j}: {b[j]} instead of {a[j]} (largest {scale})");
        }
    }

    private static ImmutableArray<int> Inverse(ImmutableArray<int> axes) =>
        [.. Enumerable.Range(0, axes.Length).Select(axis => axes.IndexOf(axis))];

    public static TensorData Arranged(TensorData data, ImmutableArray<int> axes)
    {
        if (axes.SequenceEqual(Enumerable.Range(0, axes.Length)))
            return data;
        GraphBuilder builder = new();
        Tensor x = builder.AddInput("x", data.Type, data.Shape);
        builder.AddOutput(builder.Add(new Transpose(), "y", Source.None, x, builder.AddIntegers("axes", axes.AsSpan())));
        return new GraphInterpreter(builder.Build()).Run([data])[0];
    }
}

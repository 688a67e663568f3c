using System.Collections.Immutable;
using EthosU.Graphs;

namespace EthosU.Quantize.Data;

/// <summary>Turns samples in the source model's order of axes into inputs of a graph, which says in which order it has them.</summary>
internal static class GraphSamples
{
    /// <summary>The values for the graph's inputs; real, also where the graph's are quantized.</summary>
    /// <param name="sample">A sample.</param>
    /// <param name="graph">The graph; its inputs stand in the source model's order.</param>
    /// <exception cref="ArgumentException">The shapes do not go together.</exception>
    public static TensorData[] ToGraph(Sample sample, Graph graph)
    {
        if (sample.Inputs.Length != graph.Inputs.Length)
            throw new ArgumentException($"a sample has {sample.Inputs.Length} values, the model {graph.Inputs.Length} inputs",
                nameof(sample));
        return [.. sample.Inputs
            .Select((data, i) => Convert(data, graph.Inputs[i], graph.InputAxes.IsEmpty ? default : graph.InputAxes[i]))];
    }

    /// <summary>The value of a graph's input or output in the source model's order of axes; other values stay as they are.</summary>
    public static TensorData ToSource(TensorData value, Tensor tensor, Graph graph)
    {
        ImmutableArray<int> axes = graph.Outputs.IndexOf(tensor) is >= 0 and var output ? graph.OutputAxes.ElementAtOrDefault(output)
            : graph.Inputs.IndexOf(tensor) is >= 0 and var input ? graph.InputAxes.ElementAtOrDefault(input)
            : default;
        return axes.IsDefault ? value : Arrange(value, [.. Enumerable.Range(0, axes.Length).Select(axis => axes.IndexOf(axis))]);
    }

    /// <summary>A value in another order of axes: axis i of the result is axis [i] of the value.</summary>
    public static TensorData Arrange(TensorData data, ImmutableArray<int> axes)
    {
        if (axes.IsDefault || axes.Length != data.Shape.Rank || axes.Select((axis, i) => axis == i).All(same => same))
            return data;
        Shape shape = data.Shape.Permute(axes.AsSpan());
        ImmutableArray<long> strides = [.. data.Shape.Strides()];
        long[] steps = [.. axes.Select(axis => strides[axis])];
        ReadOnlySpan<float> values = data.AsSpan<float>();
        var result = new float[values.Length];
        var at = new int[shape.Rank];
        long from = 0;
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = values[(int)from];
            for (int axis = shape.Rank - 1; axis >= 0; axis--)
            {
                from += steps[axis];
                if (++at[axis] < shape[axis])
                    break;
                from -= steps[axis] * shape[axis];
                at[axis] = 0;
            }
        }
        return TensorData.Wrap(ElementType.Float32, shape, result);
    }

    private static TensorData Convert(TensorData data, Tensor input, ImmutableArray<int> axes)
    {
        if (data.Type != ElementType.Float32)
            return Integers(data, input);
        TensorData arranged = Arrange(data, axes);
        return arranged.Shape.Where(size => size > 1).SequenceEqual(input.Shape.Where(size => size > 1))
            ? arranged.Reshape(input.Shape)
            : throw new ArgumentException($"a sample of shape {data.Shape} does not suit input '{input.Name}' of shape {input.Shape}",
            nameof(data));
    }

    private static TensorData Integers(TensorData data, Tensor input) => input.Type == data.Type ? data.Reshape(input.Shape)
        : input.Type == ElementType.Int32 ? TensorData.From<int>(input.Shape, data.ToInt32Array())
        : input.Type == ElementType.Int64 ? TensorData.From<long>(input.Shape, data.ToInt64Array())
        : throw new ArgumentException($"input '{input.Name}' is {input.Type.DisplayName()}, the sample {data.Type.DisplayName()}",
        nameof(data));
}

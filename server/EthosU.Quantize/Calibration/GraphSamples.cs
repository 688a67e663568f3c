using EthosU.Graphs;

namespace EthosU.Quantize.Calibration;

/// <summary>Turns samples in the source model's layout into inputs of a graph, whose images may have their channels last.</summary>
internal static class GraphSamples
{
    /// <summary>The values for the graph's inputs; real, also where the graph's are quantized.</summary>
    /// <param name="sample">A sample.</param>
    /// <param name="graph">The graph; its inputs stand in the source model's order.</param>
    /// <exception cref="ArgumentException">The shapes do not go together.</exception>
    public static TensorData[] ToGraph(Sample sample, Graph graph)
    {
        if (sample.Inputs.Length != graph.Inputs.Length)
            throw new ArgumentException($"a sample has {sample.Inputs.Length} values, the model {graph.Inputs.Length} inputs", nameof(sample));
        return [.. sample.Inputs.Select((data, i) => Convert(data, graph.Inputs[i]))];
    }

    /// <summary>[N, C, …] → [N, …, C].</summary>
    public static float[] ChannelsLast(ReadOnlySpan<float> values, int batch, int channels)
    {
        var result = new float[values.Length];
        int pixels = values.Length / batch / channels;
        for (int n = 0; n < batch; n++)
            for (int c = 0; c < channels; c++)
                for (int p = 0; p < pixels; p++)
                    result[(((n * pixels) + p) * channels) + c] = values[(((n * channels) + c) * pixels) + p];
        return result;
    }

    /// <summary>The shape [N, …, C] of [N, C, …].</summary>
    public static Shape ChannelsLast(Shape shape) => new([shape[0], .. shape.Skip(2), shape[1]]);

    private static TensorData Convert(TensorData data, Tensor input)
    {
        if (data.Type != ElementType.Float32)
            return Integers(data, input);
        if (data.Shape.Rank >= 3 && data.Shape != input.Shape && ChannelsLast(data.Shape) == input.Shape)
            return TensorData.Wrap(ElementType.Float32, input.Shape, ChannelsLast(data.AsSpan<float>(), data.Shape[0], data.Shape[1]));
        return data.Shape.ElementCount == input.Shape.ElementCount && data.Shape.Where(s => s > 1).SequenceEqual(input.Shape.Where(s => s > 1))
            ? data.Reshape(input.Shape)
            : throw new ArgumentException($"a sample of shape {data.Shape} does not suit input '{input.Name}' of shape {input.Shape}", nameof(data));
    }

    private static TensorData Integers(TensorData data, Tensor input) => input.Type == data.Type ? data.Reshape(input.Shape)
        : input.Type == ElementType.Int32 ? TensorData.From<int>(input.Shape, data.ToInt32Array())
        : input.Type == ElementType.Int64 ? TensorData.From<long>(input.Shape, data.ToInt64Array())
        : throw new ArgumentException($"input '{input.Name}' is {input.Type.DisplayName()}, the sample {data.Type.DisplayName()}", nameof(data));
}

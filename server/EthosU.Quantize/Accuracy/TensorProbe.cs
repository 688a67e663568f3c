using EthosU.Graphs;
using EthosU.Interpreter;
using EthosU.Quantize.Conversion;
using EthosU.Quantize.Ranges;

namespace EthosU.Quantize.Accuracy;

/// <summary>
/// Compares one tensor of a quantized graph with the float graph's, and the layer that computes it when fed the float graph's values.
/// </summary>
internal sealed class TensorProbe
{
    private readonly Node node;
    private readonly Tensor tensor;
    private readonly Tensor[] operands;
    private readonly GraphInterpreter? layer;
    private readonly ValueRange useful;
    private readonly ErrorStatistics running = new(), alone = new();
    private readonly (string Name, int Size, ErrorStatistics Errors)[] parts = [];
    private readonly string layerName;
    private readonly double lowEnd, highEnd;
    private readonly int outer = 1;
    private long saturated, count;
    private long lowest = long.MaxValue, highest = long.MinValue;

    /// <summary>Prepares a comparison.</summary>
    /// <param name="graph">The quantized graph.</param>
    /// <param name="node">The operator.</param>
    /// <param name="tensor">One of its results.</param>
    /// <param name="references">Names of the float graph's tensors and their shapes.</param>
    /// <param name="layerName">The user's name of the layer; null for the operator's own.</param>
    public TensorProbe(Graph graph, Node node, Tensor tensor, IReadOnlyDictionary<string, Shape> references, string? layerName = null)
    {
        (this.node, this.tensor, useful) = (node, tensor, UsefulRange.Of(graph, tensor));
        this.layerName = layerName ?? node.Name;
        if (tensor.Quantization is { } quantization)
        {
            (int low, int high) = tensor.Type == ElementType.Int16 ? (-short.MaxValue, short.MaxValue) : (sbyte.MinValue, sbyte.MaxValue);
            lowEnd = (low - quantization.ZeroPoint - 1) * (double)quantization.Scale; // a step beyond the ends is a rounding error
            highEnd = (high - quantization.ZeroPoint + 1) * (double)quantization.Scale;
        }
        if (node.Operator is Concatenation { Axis: var axis } && tensor.Shape.Rank > 0)
        {
            axis = tensor.Shape.NormalizeAxis(axis);
            parts = [.. node.Inputs.OfType<Tensor>()
                .Select(input =>
                (BaseName(input.Name, references), checked((int)(input.Shape.ElementCount / OuterCount(tensor.Shape, axis))),
                new ErrorStatistics()))];
            outer = OuterCount(tensor.Shape, axis);
        }
        operands = [.. node.Inputs.OfType<Tensor>().Where(input => !input.IsConstant && !input.IsVariable).Distinct()];
        bool known = operands.All(input => input.Type is ElementType.Float32 or ElementType.Int8 or ElementType.Int16
            && references.TryGetValue(BaseName(input.Name, references), out Shape shape) && shape == input.Shape);
        if (known)
            layer = new(new Graph("", [node], [.. operands], node.Outputs));
    }

    private static int OuterCount(Shape shape, int axis) =>
        Math.Max(1, checked((int)shape.Take(axis).Aggregate(1L, (product, size) => product * size)));

    /// <summary>True if the tensor is one of a graph's outputs.</summary>
    public bool IsResultOf(Graph graph) => graph.Outputs.Contains(tensor);

    /// <summary>The name in the float graph of a tensor that may be a converted copy of that one.</summary>
    public static string BaseName(string name, IReadOnlyDictionary<string, Shape> references)
    {
        if (references.ContainsKey(name))
            return name;
        int suffix = name.LastIndexOf('_');
        return suffix > 0 && name[suffix..] is "_int8" or "_int16" or "_float32" ? name[..suffix] : name;
    }

    /// <summary>Compares the values of one sample.</summary>
    /// <param name="values">The quantized network's tensors.</param>
    /// <param name="references">The float network's, by name.</param>
    /// <param name="shapes">Their shapes.</param>
    /// <param name="cancellation">Stops the run of the layer.</param>
    public void Add(IReadOnlyDictionary<Tensor, TensorData> values, IReadOnlyDictionary<string, TensorData> references,
        IReadOnlyDictionary<string, Shape> shapes, CancellationToken cancellation)
    {
        float[] wanted = Useful(references[BaseName(tensor.Name, shapes)].ToFloatArray());
        float[] got = Useful(RealValues.Of(tensor, values[tensor]));
        running.Add(wanted, got);
        int from = 0;
        for (int row = 0; row < outer; row++)
            foreach ((_, int size, ErrorStatistics errors) in parts)
            {
                errors.Add(wanted.AsSpan(from, size), got.AsSpan(from, size));
                from += size;
            }
        if (tensor.Quantization is not null)
        {
            foreach (float value in wanted)
                saturated += Math.Abs(value) < ValueHistogram.Huge && (value < lowEnd || value > highEnd) ? 1 : 0;
            foreach (long stored in values[tensor].ToInt64Array())
            {
                lowest = Math.Min(lowest, stored);
                highest = Math.Max(highest, stored);
                count++;
            }
        }
        if (layer is null)
            return;
        TensorData[] inputs =
            [.. operands.Select(input => RealValues.Store(input, references[BaseName(input.Name, shapes)].Reshape(input.Shape)))];
        TensorData[] results = layer.CreateSession().Run(inputs, null, cancellation);
        alone.Add(wanted, Useful(RealValues.Of(tensor, results[node.Outputs.IndexOf(tensor)])));
    }

    /// <summary>
    /// Values without the differences that no reader of the tensor sees: those below −3 before a HARD_SWISH, for example.
    /// </summary>
    private float[] Useful(float[] values) =>
        useful == UsefulRange.Everything ? values : Array.ConvertAll(values, value => Math.Clamp(value, useful.Min, useful.Max));

    /// <summary>What was found.</summary>
    public TensorAccuracy Result() =>
        new(tensor.Name, layerName, node.Operator.Name, tensor.Type.DisplayName(), running.Sqnr, layer is null ? null : alone.Sqnr,
        running.MaxError, running.MeanError, running.Cosine, count == 0 ? 0 : (double)saturated / count, running.Min, running.Max,
        count == 0 ? 0 : (highest - lowest) / (tensor.Type == ElementType.Int16 ? 2.0 * short.MaxValue : byte.MaxValue),
        tensor.Quantization?.Scale ?? 0, tensor.Quantization?.ZeroPoint ?? 0)
    {
        Parts = [.. parts
            .Select(part => new PartAccuracy(part.Name, part.Errors.Sqnr, part.Errors.MaxError, part.Errors.Min, part.Errors.Max))],
    };
}

using EthosU.Graphs;
using EthosU.Interpreter;
using EthosU.Quantize.Conversion;

namespace EthosU.Quantize.Accuracy;

/// <summary>Compares every tensor that a float graph and a quantized one have in common, sample by sample.</summary>
internal sealed class LayerComparison
{
    private readonly Graph graph, quantized;
    private readonly Dictionary<string, Shape> shapes = [];
    private readonly Dictionary<string, Node> layers = [];
    private readonly Dictionary<string, float[]> factors;
    private readonly List<TensorProbe> probes = [];
    private readonly GraphInterpreter real, integers;

    public LayerComparison(Graph graph, Graph quantized)
    {
        (this.graph, this.quantized) = (graph, quantized);
        (real, integers) = (new(graph), new(quantized));
        factors = ChannelFactors.Find(graph, quantized);
        foreach (Tensor tensor in graph.Tensors
            .Where(tensor => tensor.Type == ElementType.Float32 && !tensor.IsConstant && !tensor.IsVariable))
            shapes[tensor.Name] = tensor.Shape;
        foreach (Node node in graph.Nodes)
            foreach (Tensor output in node.Outputs)
                layers[output.Name] = node;
        foreach (Node node in quantized.Nodes)
            foreach (Tensor output in node.Outputs)
                if (output.Type is ElementType.Int8 or ElementType.Int16 or ElementType.Float32
                    && shapes.TryGetValue(output.Name, out Shape shape) && shape == output.Shape)
                    probes.Add(new(quantized, node, output, shapes, layers.GetValueOrDefault(output.Name)?.Name));
    }

    /// <summary>Where a tensor's layer comes from, by the tensor's name.</summary>
    public Source SourceOf(string tensor) => layers.GetValueOrDefault(tensor)?.Source ?? Source.None;

    /// <summary>
    /// True if a model's results alone have a counterpart in the float model, though it has more layers than those: it is made of another
    /// model, or layers have lost their names.
    /// </summary>
    public bool IsOfAnotherModel =>
        quantized.Nodes.Length > 3 && graph.Nodes.Length > 3 && probes.All(probe => probe.IsResultOf(quantized));

    /// <summary>Compares all tensors on one sample.</summary>
    /// <param name="inputs">The float graph's inputs.</param>
    /// <param name="cancellation">Stops between nodes.</param>
    public void Add(TensorData[] inputs, CancellationToken cancellation)
    {
        Dictionary<string, TensorData> references = graph.Inputs.Zip(inputs).ToDictionary(pair => pair.First.Name, pair => pair.Second);
        real.CreateSession()
            .Run(inputs, (tensor, value) => references[tensor.Name] = factors.TryGetValue(tensor.Name, out float[]? scales)
            ? ChannelFactors.Apply(value, scales) : value, cancellation);
        Dictionary<Tensor, TensorData> values = [];
        integers.CreateSession().Run(RealValues.StoreInputs(quantized, inputs), (tensor, value) => values[tensor] = value, cancellation);
        try
        {
            ParallelLoop.ForEach(probes, probe => probe.Add(values, references, shapes, cancellation), cancellation);
        }
        catch (AggregateException e) when (e.InnerExceptions.FirstOrDefault() is { } first)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(first);
        }
    }

    /// <summary>What was found, in the order in which the quantized graph computes.</summary>
    public TensorAccuracy[] Results() => [.. probes.Select(probe => probe.Result())];
}

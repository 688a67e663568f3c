using System.Collections.Immutable;
using System.Runtime.InteropServices;
using EthosU.Graphs;
using EthosU.Interpreter;
using EthosU.Quantize.Data;

namespace EthosU.Quantize.Reference;

/// <summary>A graph in the interpreter, and where in it the wanted values are.</summary>
internal sealed class GraphReferenceSession : IReferenceSession
{
    private readonly Graph graph;
    private readonly GraphInterpreter interpreter;
    private readonly int[] order; // of a sample's inputs, by the graph's
    private readonly Tensor[] wanted;
    private readonly HashSet<Tensor> watched;

    public GraphReferenceSession(Graph graph, IReadOnlyList<string> inputs, IEnumerable<string> values)
    {
        this.graph = graph;
        order = [.. graph.Inputs.Select(input => PlaceOf(input, inputs))];
        Dictionary<string, Tensor> known = [];
        foreach (Tensor tensor in graph.Outputs.Concat(graph.Tensors)) // a value may be in several orders of axes: the output's is known
            if (tensor is { Type: ElementType.Float32, IsConstant: false, IsVariable: false })
                known.TryAdd(NameOf(tensor), tensor);
        Values = [.. values.Distinct(StringComparer.Ordinal).Where(known.ContainsKey)];
        wanted = [.. Values.Select(name => known[name])];
        watched = [.. wanted];
        interpreter = new(graph);
    }

    public ImmutableArray<Finding> Findings => [];

    public ImmutableArray<string> Values { get; }

    public IReferenceValues Run(IReadOnlyList<Sample> batch, CancellationToken cancellation = default)
    {
        var results = new TensorData[batch.Count][];
        foreach (int[] group in Enumerable.Range(0, batch.Count).Chunk(interpreter.RunsAtOnce))
            ParallelLoop.ForEach(group, i => results[i] = Run(batch[i], cancellation), cancellation);
        return new ArrayValues(results);
    }

    public void Dispose()
    {
    }

    private TensorData[] Run(Sample sample, CancellationToken cancellation)
    {
        Sample mine = sample with { Inputs = [.. order.Select(place => sample.Inputs[place])] };
        TensorData[] inputs = GraphSamples.ToGraph(mine, graph);
        Dictionary<Tensor, TensorData> found = [];
        for (int i = 0; i < inputs.Length; i++)
            found[graph.Inputs[i]] = inputs[i];
        interpreter.Watch(inputs, (tensor, bytes) =>
        {
            if (watched.Contains(tensor))
                found[tensor] = TensorData.From(tensor.Shape, MemoryMarshal.Cast<byte, float>(bytes));
        }, cancellation);
        return [.. wanted.Select(tensor => GraphSamples.ToSource(found[tensor], tensor, graph))];
    }

    private static string NameOf(Tensor tensor) => tensor.Origin ?? tensor.Name;

    private static int PlaceOf(Tensor input, IReadOnlyList<string> inputs)
    {
        for (int i = 0; i < inputs.Count; i++)
            if (inputs[i] == NameOf(input))
                return i;
        throw new ArgumentException($"no input has the name '{NameOf(input)}'", nameof(inputs));
    }

    private sealed class ArrayValues(TensorData[][] results) : IReferenceValues
    {
        public ReadOnlySpan<float> Elements(int sample, int value) => results[sample][value].AsSpan<float>();

        public Shape ShapeOf(int sample, int value) => results[sample][value].Shape;

        public void Dispose()
        {
        }
    }
}

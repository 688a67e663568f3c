using System.Runtime.InteropServices;
using EthosU.Graphs;
using EthosU.Interpreter;

namespace EthosU.Quantize.Weights;

/// <summary>
/// Rounds weights for the result of their operator, not for themselves: so that on the calibration data the errors of a unit's weights
/// cancel as far as they can. Measures what operators read when they come up, as many at once as memory allows.
/// </summary>
internal sealed class WeightRounding
{
    private const long Budget = 1 << 26; // bytes of moments at once
    private const int MostSamples = 16;

    private readonly Graph graph;
    private readonly TensorData[][] samples;
    private readonly bool centred;
    private readonly CancellationToken cancellation;
    private readonly Node[] nodes;
    private readonly Dictionary<object, InputMoments> known = [];
    private GraphInterpreter? interpreter;
    private int next; // of the nodes not yet measured

    /// <summary>Prepares.</summary>
    /// <param name="graph">The graph in real numbers.</param>
    /// <param name="chosen">The nodes whose weights are to be rounded; others are left alone.</param>
    /// <param name="samples">Inputs of the graph.</param>
    /// <param name="centred">True if biases make good what the rounding adds to the means of results.</param>
    /// <param name="cancellation">Stops between operators.</param>
    public WeightRounding(Graph graph, Func<Node, bool> chosen, IReadOnlyCollection<TensorData[]> samples, bool centred,
        CancellationToken cancellation)
    {
        (this.graph, this.centred, this.cancellation) = (graph, centred, cancellation);
        int every = (samples.Count + MostSamples - 1) / MostSamples;
        this.samples = [.. samples.Where((_, i) => i % every == 0)];
        nodes = samples.Count == 0 ? [] : [.. graph.Nodes.Where(node => WindowRows.Of(node) is not null && chosen(node))];
    }

    /// <summary>How an operator's weights are rounded; null if nothing is known of what it reads.</summary>
    /// <param name="node">The operator; they are asked for in the graph's order.</param>
    public UnitRounder? For(Node node)
    {
        int index = Array.IndexOf(nodes, node);
        if (index < 0)
            return null;
        if (index >= next)
            Measure(index);
        return known.TryGetValue(Key(node), out InputMoments? moments) && moments.IsFinite ? new(node, moments, centred) : null;
    }

    private static object Key(Node node) => (WindowRows.Of(node)!.Key, ChannelsOfUnit(node));

    private static int ChannelsOfUnit(Node node) => node.Operator is DepthwiseConv2D ? 1 : node.Input(1).Shape[-1];

    private void Measure(int first)
    {
        known.Clear();
        Dictionary<Tensor, List<InputMoments>> wanted = [];
        long bytes = 0;
        for (next = first; next < nodes.Length && (bytes < Budget || next == first); next++)
        {
            object key = Key(nodes[next]);
            if (known.ContainsKey(key))
                continue;
            WindowRows rows = WindowRows.Of(nodes[next])!;
            InputMoments moments = known[key] = new(rows, ChannelsOfUnit(nodes[next]));
            bytes += moments.Bytes;
            if (!wanted.TryGetValue(rows.Tensor, out List<InputMoments>? readers))
                wanted[rows.Tensor] = readers = [];
            readers.Add(moments);
        }
        interpreter ??= new(graph);
        int number = 0;
        foreach (TensorData[] sample in samples)
        {
            for (int i = 0; i < sample.Length; i++)
                Add(graph.Inputs[i], sample[i].Bytes.Span);
            interpreter.Watch(sample, Add, cancellation);
            number++;
        }
        if (next == nodes.Length)
            interpreter = null;

        void Add(Tensor tensor, ReadOnlySpan<byte> bytes)
        {
            if (wanted.TryGetValue(tensor, out List<InputMoments>? readers))
                foreach (InputMoments moments in readers)
                    moments.Add(MemoryMarshal.Cast<byte, float>(bytes), number, samples.Length);
        }
    }
}

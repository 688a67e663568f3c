using EthosU.Graphs;
using EthosU.Interpreter;
using EthosU.Quantize.Accuracy;
using EthosU.Quantize.Conversion;

namespace EthosU.Quantize;

/// <summary>
/// Tries changes of the quantization, one after the other, and keeps those that bring the outputs nearer to the float model's: other
/// range methods, bias correction, equalisation, scales for each unit, and 16 bits for the layers that lose most.
/// </summary>
public static class AccuracyFixer
{
    private const double FreeGain = 0.3, LittleGain = 0.1, WideGain = 1; // dB by which a change must help: 16 bits cost time
    private const int MaxWideLayers = 8;

    /// <summary>Searches.</summary>
    /// <param name="graph">The graph in real numbers, after all fusions.</param>
    /// <param name="ranges">The values its tensors take; the samples kept in it are what the search measures on.</param>
    /// <param name="options">The options to start from.</param>
    /// <param name="progress">Told the share of the work that is done, 0 to 1.</param>
    /// <param name="cancellation">Stops between samples.</param>
    /// <exception cref="UnsupportedModelException">The range of a tensor is not known.</exception>
    public static FixResult Fix(Graph graph, RangeTable ranges, QuantizeOptions? options = null, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        Search search = new(graph, ranges, options ?? new(), progress, cancellation);
        search.Run();
        return search.Result;
    }

    private sealed class Search
    {
        private const int Attempts = 7 + MaxWideLayers;

        private readonly Graph graph;
        private readonly IProgress<double>? progress;
        private readonly CancellationToken cancellation;
        private readonly float[][][] wanted;
        private readonly List<FixStep> steps = [];
        private RangeTable ranges;
        private QuantizeOptions options;
        private QuantizeResult current;
        private double sqnr;

        public Search(Graph graph, RangeTable ranges, QuantizeOptions options, IProgress<double>? progress, CancellationToken cancellation)
        {
            (this.graph, this.ranges, this.options, this.progress, this.cancellation) = (graph, ranges, options, progress, cancellation);
            wanted = [.. new GraphInterpreter(graph).RunBatch(ranges.Samples, null, cancellation).Select(sample => sample.Select(value => value.ToFloatArray()).ToArray())];
            current = Quantizer.Quantize(graph, ranges, options, cancellation);
            sqnr = Evaluate(current.Graph);
        }

        public FixResult Result => new(current.Graph, options, ranges, [.. steps], current.Findings);

        public void Run()
        {
            if (ranges.Samples.IsEmpty || options.Precision != Precision.Int8)
                return;
            foreach (RangeMethod method in Enum.GetValues<RangeMethod>().Where(method => method != ranges.Method))
                Try($"range method {method.ToString().ToLowerInvariant()}", options, ranges.WithMethod(method), FreeGain);
            if (!options.CorrectBias)
                Try("bias correction", options with { CorrectBias = true }, ranges, FreeGain);
            if (!options.Equalize)
                Try("equalisation", options with { Equalize = true }, ranges, FreeGain);
            string[] dense = [.. graph.Nodes.Where(node => node.Operator is FullyConnected).Select(node => node.Output.Name)];
            if (dense.Length > 0)
                Try("scales for each unit of fully connected layers", options with { PerChannelLayers = options.PerChannelLayers.Union(dense) }, ranges, WideGain);
            Widen();
            progress?.Report(1);
        }

        /// <summary>16 bits for the worst layers, each with the layers around it that hold its values, and for those together that help only a little.</summary>
        private void Widen()
        {
            HashSet<string> tried = [];
            List<string> helpful = [];
            int sets = 0;
            for (int attempt = 0; attempt < MaxWideLayers; attempt++)
            {
                if (WorstLayer(tried) is not { } worst)
                    break;
                string[] neighbours = [.. Neighbourhood(worst)];
                tried.UnionWith(neighbours);
                Try($"16 bits for {string.Join(", ", neighbours)}", options with { Int16Layers = options.Int16Layers.Union(neighbours) }, ranges, WideGain);
                if (steps[^1] is { Kept: false, Gain: >= LittleGain })
                {
                    helpful.AddRange(neighbours);
                    sets++;
                }
            }
            if (sets > 1)
                Try($"16 bits for {string.Join(", ", helpful.Distinct())}", options with { Int16Layers = options.Int16Layers.Union(helpful) }, ranges, WideGain);
        }

        private Node? WorstLayer(HashSet<string> tried)
        {
            Dictionary<string, Shape> shapes = graph.Tensors.Where(t => t.Type == ElementType.Float32 && !t.IsConstant && !t.IsVariable).ToDictionary(t => t.Name, t => t.Shape);
            TensorProbe[] probes = [.. current.Graph.Nodes.Where(node => node.Operator is not (Graphs.Quantize or Dequantize)).SelectMany(node => node.Outputs
                .Where(output => output.Type == ElementType.Int8 && !tried.Contains(output.Name) && shapes.TryGetValue(output.Name, out Shape shape) && shape == output.Shape)
                .Select(output => new TensorProbe(current.Graph, node, output, shapes)))];
            foreach (TensorData[] sample in ranges.Samples.Take(4))
            {
                Dictionary<string, TensorData> references = graph.Inputs.Zip(sample).ToDictionary(pair => pair.First.Name, pair => pair.Second);
                new GraphInterpreter(graph).Run(sample, (tensor, value) => references[tensor.Name] = value, cancellation);
                Dictionary<Tensor, TensorData> values = [];
                new GraphInterpreter(current.Graph).Run(Store(current.Graph, sample), (tensor, value) => values[tensor] = value, cancellation);
                ParallelLoop.ForEach(probes, probe => probe.Add(values, references, shapes, cancellation), cancellation);
            }
            string? name = probes.Select(probe => probe.Result()).Where(result => result.LayerSqnr is < 40).MinBy(result => result.LayerSqnr)?.Name;
            return name is null ? null : graph.Nodes.FirstOrDefault(node => node.Outputs.Any(output => output.Name == name));
        }

        /// <summary>The layer, and the element-wise layers beside it: 16 bits help only where values stay in them.</summary>
        private IEnumerable<string> Neighbourhood(Node node)
        {
            HashSet<Node> found = [node];
            foreach (Node consumer in graph.Consumers(node.Output))
                if (consumer.Operator is Binary or Unary or Reduce or Softmax)
                    found.Add(consumer);
            foreach (Tensor? input in node.Inputs)
                if (input is not null && graph.Producer(input) is { Operator: Binary or Unary or Reduce } producer)
                    found.Add(producer);
            return found.Select(member => member.Output.Name);
        }

        private void Try(string change, QuantizeOptions newOptions, RangeTable newRanges, double needed)
        {
            cancellation.ThrowIfCancellationRequested();
            QuantizeResult candidate = Quantizer.Quantize(graph, newRanges, newOptions, cancellation);
            double reached = Evaluate(candidate.Graph), gain = reached - sqnr;
            bool keep = gain >= needed;
            steps.Add(new(change, reached, gain, keep));
            if (keep)
                (current, options, ranges, sqnr) = (candidate, newOptions, newRanges, reached);
            progress?.Report(Math.Min(1, (double)steps.Count / Attempts));
        }

        private double Evaluate(Graph quantized)
        {
            ErrorStatistics statistics = new();
            TensorData[][] results = new GraphInterpreter(quantized).RunBatch([.. ranges.Samples.Select(sample => Store(quantized, sample))], null, cancellation);
            for (int i = 0; i < results.Length; i++)
                for (int j = 0; j < results[i].Length; j++)
                    statistics.Add(wanted[i][j], RealValues.Of(quantized.Outputs[j], results[i][j]));
            return statistics.Sqnr;
        }

        private static TensorData[] Store(Graph quantized, TensorData[] sample) => [.. sample.Select((value, i) => RealValues.Store(quantized.Inputs[i], value))];
    }
}

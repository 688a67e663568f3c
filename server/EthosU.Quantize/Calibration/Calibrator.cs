using System.Collections.Immutable;
using System.Runtime.InteropServices;
using EthosU.Graphs;
using EthosU.Interpreter;
using EthosU.Quantize.Conversion;
using EthosU.Quantize.Data;
using EthosU.Quantize.Ranges;
using EthosU.Quantize.Reference;

namespace EthosU.Quantize.Calibration;

/// <summary>
/// Collects the values that tensors take on data. What is a value of the source model is measured there, in the reference model, all
/// values in one run per sample; the rest (results of operators that the import took apart, recurrent state) by running the
/// graph itself.
/// </summary>
public static class Calibrator
{
    /// <summary>Collects ranges for the tensors of a graph.</summary>
    /// <param name="reference">The source model.</param>
    /// <param name="graph">Its graph in real numbers, as it will be quantized: after all fusions.</param>
    /// <param name="samples">The data, in the shapes of the source model's inputs.</param>
    /// <param name="options">Choices.</param>
    /// <param name="progress">Told the share of the work that is done, 0 to 1.</param>
    /// <param name="cancellation">Stops between operators.</param>
    /// <exception cref="ModelFormatException">The data are damaged or empty, or the reference model cannot be run.</exception>
    public static RangeTable Collect(IReferenceModel reference, Graph graph, SampleSource samples, CalibrationOptions? options = null,
        IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        options ??= new();
        Tensor[] wanted =
            [.. graph.Tensors.Where(tensor => tensor.Type == ElementType.Float32 && !tensor.IsConstant && !tensor.IsVariable)];
        string[] inputs = [.. graph.Inputs.Select(input => input.Origin ?? input.Name)];
        using IReferenceSession model =
            reference.Open(inputs, wanted.Select(tensor => tensor.Origin).OfType<string>().Distinct(StringComparer.Ordinal).Except(inputs));
        return new Collection(model, graph, wanted, samples, options, progress, cancellation).Run();
    }

    private const int ChunkSize = 8;
    private const long ChunkBytes = 1 << 26, KeptBytes = 1 << 26; // of inputs or values at once, and of samples kept; one sample at least
    private const long MostRandomValues = 1 << 28; // of random data a few samples of so many values say as much as many

    private sealed class Collection(IReferenceSession model, Graph graph, Tensor[] wanted, SampleSource samples, CalibrationOptions options,
        IProgress<double>? progress, CancellationToken cancellation)
    {
        private GraphInterpreter? interpreter; // as long as it is needed: it holds the weights once more
        private readonly Node[] lstms = [.. graph.Nodes.Where(node => node.Operator is UnidirectionalSequenceLstm)];
        private readonly Dictionary<string, ValueHistogram> byOrigin = [], byName = [];
        private readonly List<TensorData[]> kept = [];

        public RangeTable Run()
        {
            int total = Math.Min(samples.Count, options.MaxSamples), seen = 0;
            long valueCount = Math.Max(1, wanted.Sum(tensor => tensor.Shape.ElementCount)), valueBytes = valueCount * sizeof(float),
                keptBytes = 0;
            if (samples is RandomSamples)
                total = (int)Math.Clamp(MostRandomValues / valueCount, 1, total);
            int measured = (int)Math.Clamp(ChunkBytes / valueBytes, 1, ChunkSize);
            int chunkSize = (int)Math
                .Clamp(ChunkBytes / Math.Max(1, graph.Inputs.Sum(static input => input.Shape.ElementCount * sizeof(float))), 1, ChunkSize);
            HashSet<string> fromGraph = [];
            foreach (Sample[] chunk in samples.Read(cancellation).Take(total).Chunk(chunkSize))
            {
                cancellation.ThrowIfCancellationRequested();
                int done = 0;
                if (seen == 0)
                {
                    Dictionary<string, Extent> first = Measure([chunk[done++]], extents: true)!;
                    interpreter = new(graph);
                    fromGraph = FindUnmeasured(chunk[0], first);
                    if (fromGraph.Count == 0 && lstms.Length == 0)
                        interpreter = null;
                    Garbage.Release();
                }
                // both on all cores, and each alone is not always many runs
                ParallelLoop.ForEach<Action>([() => MeasureAll(chunk[done..].Chunk(measured)), () => RunGraph(chunk, fromGraph)],
                    static side => side(), cancellation);
                foreach (Sample sample in chunk)
                {
                    AddInputs(sample);
                    keptBytes += sample.Inputs.Sum(input => (long)input.Bytes.Length);
                    if (kept.Count == 0 || (kept.Count < options.KeptSamples && keptBytes <= KeptBytes))
                        kept.Add(GraphSamples.ToGraph(sample, graph));
                }
                seen += chunk.Length;
                progress?.Report((double)seen / total);
            }
            interpreter = null;
            if (seen == 0)
                throw new ModelFormatException("calibration data", "", "the data set holds no samples");
            return new(byOrigin.ToImmutableDictionary(), byName.ToImmutableDictionary())
            {
                Method = options.Method,
                Percentile = options.Percentile,
                SampleCount = seen,
                Samples = [.. kept],
                IsRandom = samples is RandomSamples,
                Findings = [.. samples.Findings, .. model.Findings, .. NotFinite()],
            };
        }

        private void MeasureAll(IEnumerable<Sample[]> chunks)
        {
            foreach (Sample[] chunk in chunks)
                Measure(chunk, extents: false);
        }

        /// <summary>Counts the values that the source model computes, where they lie in its memory.</summary>
        /// <returns>The extents of the first sample's values, by name, if they are asked for.</returns>
        private Dictionary<string, Extent>? Measure(Sample[] chunk, bool extents)
        {
            using IReferenceValues results = model.Run(chunk, cancellation);
            ParallelLoop.For(model.Values.Length, i =>
            {
                ValueHistogram histogram = Histogram(byOrigin, model.Values[i]);
                for (int sample = 0; sample < chunk.Length; sample++)
                    histogram.Add(results.Elements(sample, i));
            }, cancellation);
            return !extents ? null : model.Values.Select((name, i) => (name, Extent.Of(results.Elements(0, i)))).ToDictionary();
        }

        /// <summary>
        /// Tensors that must be measured in the graph: those without a value in the source model, and those whose value there is
        /// not what the graph computes.
        /// </summary>
        private HashSet<string> FindUnmeasured(Sample first, Dictionary<string, Extent> source)
        {
            HashSet<string> missing = [];
            HashSet<Tensor> checkedTensors = [.. wanted];
            interpreter!.Watch(GraphSamples.ToGraph(first, graph), (tensor, bytes) =>
            {
                if (!checkedTensors.Contains(tensor))
                    return;
                bool known = tensor.Origin is { } origin && source.TryGetValue(origin, out Extent extent)
                    && extent.IsLike(Extent.Of(MemoryMarshal.Cast<byte, float>(bytes)));
                if (!known && QuantizationPlan.WholeOf(graph, tensor) is null
                    && (tensor.Origin is not null || AddsValues(graph.Producer(tensor)!) || IsDivisor(tensor)))
                    missing.Add(tensor.Name);
            }, cancellation);
            return missing;
        }

        /// <summary>False for what only moves values that are measured elsewhere.</summary>
        private bool AddsValues(Node node) => OperatorRules.Find(node).Kind != RuleKind.Same
            || (node.Operator is Concatenation && QuantizationPlan.WholeOf(graph, node.Input(0)) == node.Output);

        /// <summary>True if the range of its reciprocals is asked for, which no other value tells.</summary>
        private bool IsDivisor(Tensor tensor) =>
            graph.Consumers(tensor).Any(node => node.Operator is Binary { Kind: BinaryKind.Div } && node.Input(1) == tensor);

        private void AddInputs(Sample sample)
        {
            foreach ((Tensor input, TensorData value) in graph.Inputs.Zip(sample.Inputs))
                if (value.Type == ElementType.Float32)
                    (input.Origin is { } origin ? Histogram(byOrigin, origin) : Histogram(byName, input.Name)).Add(value.AsSpan<float>());
        }

        /// <summary>Counts the values that only the graph computes.</summary>
        private void RunGraph(Sample[] chunk, HashSet<string> names)
        {
            if (interpreter is null)
                return;
            foreach (Sample[] group in chunk.Chunk(interpreter.RunsAtOnce))
                ParallelLoop.ForEach(group, sample => RunGraph(sample, names), cancellation);
        }

        private void RunGraph(Sample sample, HashSet<string> names)
        {
            TensorData[] inputs = GraphSamples.ToGraph(sample, graph);
            Dictionary<Tensor, TensorData> sequences = [];
            for (int i = 0; i < inputs.Length; i++)
                sequences[graph.Inputs[i]] = inputs[i];
            HashSet<Tensor> needed = [.. lstms.SelectMany(node => new[] { node.Input(0), node.Output })];
            interpreter!.Watch(inputs, (tensor, bytes) =>
            {
                if (names.Contains(tensor.Name))
                    Count(tensor.Name, MemoryMarshal.Cast<byte, float>(bytes));
                if (needed.Contains(tensor))
                    sequences[tensor] = new(tensor.Type, tensor.Shape, bytes.ToArray());
            }, cancellation);
            foreach (Node lstm in lstms)
                Count(lstm.Input(19).Name, LstmCell.States(lstm, sequences[lstm.Input(0)], sequences[lstm.Output]));
        }

        private void Count(string name, ReadOnlySpan<float> values)
        {
            ValueHistogram histogram = Histogram(byName, name);
            lock (histogram) // the order in which samples come makes no difference
                histogram.Add(values);
        }

        private IEnumerable<Finding> NotFinite() =>
            byOrigin.Concat(byName).Where(pair => pair.Value.NotFinite > 0).OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => new Finding("calibration-not-finite", FindingSeverity.Warning,
            $"'{pair.Key}' takes infinite or undefined values on the calibration data; they are left out of its range.",
            "Look for a division by zero, a logarithm of zero or a mask of minus infinity; a mask of −100 does the same.",
            Source.None) { Tensor = pair.Key });

        private static ValueHistogram Histogram(Dictionary<string, ValueHistogram> table, string name)
        {
            lock (table)
            {
                if (!table.TryGetValue(name, out ValueHistogram? histogram))
                    table[name] = histogram = new();
                return histogram;
            }
        }
    }
}

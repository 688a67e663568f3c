using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Quantize.Ranges;

namespace EthosU.Quantize.Accuracy;

/// <summary>
/// Tries changes of the quantization, one after the other, and keeps those that bring the outputs nearer to the float model's: other range
/// methods for the whole model, bias correction, equalisation; what the layers that lose most are advised to do; and 16 bits for the layers
/// that add most to the error of the outputs.
/// </summary>
public static class AccuracyFixer
{
    /// <summary>Searches.</summary>
    /// <param name="graph">The graph in real numbers, after all fusions.</param>
    /// <param name="ranges">The values its tensors take; the samples kept in it are what the search measures on.</param>
    /// <param name="options">Choices.</param>
    /// <param name="progress">Told the share of the work that is done, 0 to 1.</param>
    /// <param name="cancellation">Stops between samples.</param>
    /// <exception cref="UnsupportedModelException">The range of a tensor is not known.</exception>
    public static FixResult Fix(Graph graph, RangeTable ranges, FixOptions? options = null, IProgress<double>? progress = null,
        CancellationToken cancellation = default)
    {
        Search search = new(graph, ranges, options ?? new(), progress, cancellation);
        search.Run();
        return search.Result;
    }

    private sealed class Search
    {
        // dB by which a change must help: 16 bits cost time, a scale for each unit may cost the NPU
        private const double FreeGain = 0.3, LayerGain = 0.1, CostlyGain = 1;
        private const int RankedLayers = 10, RankedSamples = 4;
        private const double ShareOfWhole = 0.2, ShareOfLayers = 0.4, ShareOfRanking = 0.8;

        private readonly Graph graph;
        private readonly FixOptions choices;
        private readonly IProgress<double>? progress;
        private readonly CancellationToken cancellation;
        private readonly OutputNoise noise;
        private readonly List<FixStep> steps = [];
        private RangeTable ranges;
        private QuantizeOptions options;
        private QuantizeResult current;
        private OutputNoise.Ratio ratio;

        public Search(Graph graph, RangeTable ranges, FixOptions choices, IProgress<double>? progress, CancellationToken cancellation)
        {
            (this.graph, this.ranges, this.choices, this.progress, this.cancellation) = (graph, ranges, choices, progress, cancellation);
            options = choices.Start;
            noise = new(graph, ranges.Samples, cancellation);
            current = Quantizer.Quantize(graph, ranges, options, cancellation);
            ratio = noise.Measure(current.Graph, cancellation);
        }

        public FixResult Result => new(current.Graph, options, ranges, [.. steps], current.Findings);

        public void Run()
        {
            if (ranges.Samples.IsEmpty || options.Precision == Precision.Float32)
                return;
            OutputNoise.Ratio? before = choices.Given is { } given ? noise.Measure(given, cancellation) : null;
            if (before is { } measured)
                steps.Add(new($"quantized anew: range method {Word(ranges.Method)}{(options.CorrectBias ? ", bias correction" : "")}", [],
                    ratio.All, ratio.All - measured.All, true));
            TryWhole();
            progress?.Report(ShareOfWhole);
            if (options.Precision == Precision.Int8)
            {
                TryAdvice();
                progress?.Report(ShareOfLayers);
                Widen();
            }
            if (before is { } first && ratio.All < first.All)
            {
                steps.Add(new("back to the model as it was given: no change reaches it", [], first.All, first.All - ratio.All, true));
                (current, options) = (new(choices.Given!, []), choices.Start);
            }
            progress?.Report(1);
        }

        private void TryWhole()
        {
            if (options.Precision == Precision.Int8)
                foreach (RangeMethod method in Enum.GetValues<RangeMethod>().Where(method => method != ranges.Method).ToArray())
                    Try($"range method {Word(method)}", [], options, ranges.WithMethod(method), FreeGain);
            if (!options.CorrectBias)
                Try("bias correction", [], options with { CorrectBias = true }, ranges, FreeGain);
            if (!options.Equalize)
                Try("equalisation", [], options with { Equalize = true }, ranges, FreeGain);
        }

        /// <summary>
        /// What the report advises for the layers that lose most: other ranges, and scales for each unit of uneven fully connected layers.
        /// </summary>
        private void TryAdvice()
        {
            List<string> uneven = [];
            foreach ((TensorAccuracy tensor, Node node) in LayerAdvice.Rank(current.Graph, MeasureLayers(), RankedLayers))
            {
                foreach (Remedy remedy in LayerAdvice.Remedies(tensor, node))
                {
                    if (remedy == Remedy.ScalePerUnit)
                        uneven.Add(tensor.Name);
                    RangeMethod[] methods = remedy switch
                    {
                        Remedy.WiderRange => [RangeMethod.MinMax],
                        Remedy.ClippedRange => [RangeMethod.Percentile, RangeMethod.Mse],
                        _ => [],
                    };
                    foreach (RangeMethod method in methods
                        .Where(method => method != ranges.Methods.GetValueOrDefault(tensor.Name, ranges.Method)))
                        Try($"range method {Word(method)} for {tensor.Layer}", [tensor.Name], options,
                            ranges.WithMethod(tensor.Name, method), LayerGain);
                }
            }
            if (uneven.Count > 0)
                Try($"a scale for each unit of {Count(uneven.Count, "fully connected layer")} (on the processor with Ethos-U55 and U65)",
                    uneven,
                    options with { PerChannelLayers = options.PerChannelLayers.Union(uneven) }, ranges, CostlyGain);
        }

        /// <summary>
        /// 16 bits for groups of the layers that add most to the error of the outputs: a single one among many equal ones gains nothing
        /// that can be measured.
        /// </summary>
        private void Widen()
        {
            if (choices.WidestShare <= 0)
                return;
            StepProgress ranking = new(progress, ShareOfLayers, ShareOfRanking);
            ImmutableArray<string> ranked = WideLayers.Rank(graph, ranges, options, choices.Narrow, noise, ranking, cancellation);
            int largest = Math.Min(ranked.Length, (int)Math.Ceiling(graph.Nodes.Length * choices.WidestShare));
            ImmutableHashSet<string> listed = options.Int16Layers;
            for (int size = 1; size <= largest; size = size < largest ? Math.Min(size * 2, largest) : largest + 1)
            {
                string[] layers = [.. ranked.Take(size)];
                Try($"16 bits for the {(size == 1 ? "layer that adds" : $"{size} layers that add")} most noise", layers,
                    options with { Int16Layers = listed.Union(layers) }, ranges, CostlyGain);
            }
        }

        private TensorAccuracy[] MeasureLayers()
        {
            LayerComparison layers = new(graph, current.Graph);
            foreach (TensorData[] sample in ranges.Samples.Take(RankedSamples))
                layers.Add(sample, cancellation);
            return layers.Results();
        }

        private void Try(string change, IEnumerable<string> layers, QuantizeOptions newOptions, RangeTable newRanges, double needed)
        {
            cancellation.ThrowIfCancellationRequested();
            QuantizeResult candidate = Quantizer.Quantize(graph, newRanges, newOptions, cancellation);
            OutputNoise.Ratio reached = noise.Measure(candidate.Graph, cancellation);
            bool keep = reached.IsBetterThan(ratio, needed);
            steps.Add(new(change, [.. layers], reached.All, reached.All - ratio.All, keep));
            if (keep)
                (current, options, ranges, ratio) = (candidate, newOptions, newRanges, reached);
        }

        private static string Word(RangeMethod method) => method.ToString().ToLowerInvariant();

        private static string Count(int count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";
    }

    private sealed class StepProgress(IProgress<double>? progress, double from, double to) : IProgress<double>
    {
        public void Report(double value) => progress?.Report(from + ((to - from) * value));
    }
}

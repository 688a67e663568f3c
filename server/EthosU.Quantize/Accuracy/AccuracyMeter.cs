using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Interpreter;
using EthosU.Quantize.Conversion;
using EthosU.Quantize.Data;
using EthosU.Quantize.Reference;

namespace EthosU.Quantize.Accuracy;

/// <summary>Measures a quantized model against the float model it comes from.</summary>
public static class AccuracyMeter
{
    private const int ChunkSize = 16;

    /// <summary>
    /// Runs both models on the same data: the float model as the reference runs it, the quantized one in the interpreter, in integers.
    /// </summary>
    /// <param name="reference">The source model.</param>
    /// <param name="graph">Its graph in real numbers, as it was quantized; tensors are compared by name.</param>
    /// <param name="quantized">The quantized graph.</param>
    /// <param name="samples">The data, in the shapes of the source model's inputs.</param>
    /// <param name="options">Choices.</param>
    /// <param name="progress">Told the share of the work that is done, 0 to 1.</param>
    /// <param name="cancellation">Stops between samples.</param>
    /// <exception cref="ModelFormatException">The data are damaged or empty, or the reference model cannot be run.</exception>
    /// <exception cref="UnsupportedModelException">The interpreter cannot run the quantized model.</exception>
    /// <exception cref="ArgumentException">The models' inputs or outputs differ in shape.</exception>
    public static AccuracyReport Measure(IReferenceModel reference, Graph graph, Graph quantized, SampleSource samples,
        AccuracyOptions? options = null,
        IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        options ??= new();
        using IReferenceSession model = reference.Open([.. graph.Inputs.Select(NameOf)], graph.Outputs.Select(NameOf));
        return new Measurement(model, graph, quantized, options, progress, cancellation).Run(samples);
    }

    private static string NameOf(Tensor tensor) => tensor.Origin ?? tensor.Name;

    private sealed class Measurement
    {
        private readonly IReferenceSession model;
        private readonly Graph graph, quantized;
        private readonly AccuracyOptions options;
        private readonly IProgress<double>? progress;
        private readonly CancellationToken cancellation;
        private readonly GraphInterpreter real, integers;
        private readonly int[] places; // of the outputs among the reference's values; -1 for what it does not give
        private readonly ErrorStatistics outputs = new();
        private readonly Classification? classification;
        private readonly LayerComparison layers;

        public Measurement(IReferenceSession model, Graph graph, Graph quantized, AccuracyOptions options, IProgress<double>? progress,
            CancellationToken cancellation)
        {
            (this.model, this.graph, this.quantized, this.options, this.progress, this.cancellation) =
                (model, graph, quantized, options, progress, cancellation);
            (real, integers) = (new(graph), new(quantized));
            places = [.. graph.Outputs.Select(output => model.Values.IndexOf(NameOf(output)))];
            if (quantized.Outputs.Length != graph.Outputs.Length
                || quantized.Outputs.Zip(graph.Outputs).Any(pair => pair.First.Shape != pair.Second.Shape))
                throw new ArgumentException("the quantized model has other outputs than the float model", nameof(quantized));
            Shape first = graph.Outputs.Length > 0 ? graph.Outputs[0].Shape : Shape.Scalar;
            if (first.Rank > 0 && first[-1] > 1 && first.ElementCount == first[-1])
                classification = new(first[-1]);
            layers = new(graph, quantized);
        }

        public AccuracyReport Run(SampleSource samples)
        {
            int total = Math.Min(samples.Count, options.MaxSamples), done = 0;
            foreach (Sample[] chunk in samples.Read(cancellation).Take(total).Chunk(ChunkSize))
            {
                cancellation.ThrowIfCancellationRequested();
                var wanted = new float[chunk.Length][][];
                var got = new TensorData[chunk.Length][];
                using IReferenceValues values = model.Run(chunk, cancellation);
                ParallelLoop.For(chunk.Length, i =>
                {
                    TensorData[] inputs = GraphSamples.ToGraph(chunk[i], graph);
                    wanted[i] = Outputs(values, i, inputs);
                    got[i] = integers.CreateSession().Run(RealValues.StoreInputs(quantized, inputs), null, cancellation);
                }, cancellation);
                for (int i = 0; i < chunk.Length; i++)
                {
                    for (int j = 0; j < wanted[i].Length; j++)
                        outputs.Add(wanted[i][j], RealValues.Of(quantized.Outputs[j], got[i][j]));
                    classification?.Add(wanted[i][0], RealValues.Of(quantized.Outputs[0], got[i][0]), chunk[i].Label);
                    if (done++ < options.LayerSamples)
                        layers.Add(GraphSamples.ToGraph(chunk[i], graph), cancellation);
                }
                progress?.Report((double)done / total);
            }
            if (done == 0)
                throw new ModelFormatException("test data", "", "the data set holds no samples");
            TensorAccuracy[] tensors = options.LayerSamples > 0 ? layers.Results() : [];
            return new()
            {
                Samples = done,
                FloatTop1 = classification?.FloatTop1,
                QuantizedTop1 = classification?.QuantizedTop1,
                FloatTop5 = classification?.FloatTop5,
                QuantizedTop5 = classification?.QuantizedTop5,
                Agreement = classification?.Agreement,
                OutputSqnr = outputs.Sqnr,
                Tensors = [.. tensors],
                Findings = [.. samples.Findings, .. model.Findings, .. Problems(),
                    .. LayerAdvice.Rank(quantized, tensors, options.RankedLayers)
                    .Select(layer => LayerAdvice.Describe(layer.Tensor, layer.Node, layers.SourceOf(layer.Tensor.Name)))],
            };
        }

        private IEnumerable<Finding> Problems()
        {
            if (classification?.Problem is { } labels)
                yield return labels;
            if (outputs.Undefined > 0)
                yield return new("accuracy-not-finite", FindingSeverity.Warning,
                    $"{outputs.Undefined} values of the outputs are not counted: they are infinite or not a number (NaN), in the float "
                        + $"model or in the quantized one.",
                    "Guard logarithms, divisions and square roots in the model, and check that the data are as it expects them.",
                    Source.None);
            if (options.LayerSamples > 0 && layers.IsOfAnotherModel)
                yield return new("accuracy-other-model", FindingSeverity.Warning,
                    "No layer inside the quantized model has the name of a layer of the float model, so only the outputs are compared.",
                    "Check that this quantized model is made of this float model. To compare layers, convert it with ethosu, which keeps "
                        + "the names.", Source.None);
        }

        /// <summary>
        /// The source model's outputs, in the graph's order of axes; an output that the reference does not give comes from the graph.
        /// </summary>
        private float[][] Outputs(IReferenceValues values, int sample, TensorData[] inputs)
        {
            TensorData[]? own = places.Contains(-1) ? real.CreateSession().Run(inputs, null, cancellation) : null;
            return [.. places
                .Select((place, i) => place < 0 ? own![i].ToFloatArray()
                : Arrange(values, sample, place, graph.OutputAxes.ElementAtOrDefault(i)))];
        }

        private static float[] Arrange(IReferenceValues values, int sample, int place, ImmutableArray<int> axes) =>
            GraphSamples.Arrange(TensorData
            .Wrap(ElementType.Float32, values.ShapeOf(sample, place), values.Elements(sample, place).ToArray()), axes).ToFloatArray();
    }
}

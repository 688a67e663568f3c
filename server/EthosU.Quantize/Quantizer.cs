using EthosU.Graphs;
using EthosU.Quantize.Calibration;
using EthosU.Quantize.Conversion;
using EthosU.Quantize.Ranges;
using EthosU.Quantize.Search;
using EthosU.Quantize.Weights;

namespace EthosU.Quantize;

/// <summary>Turns a network of real numbers into one of integers, operator by operator (tflite-kernels 1).</summary>
public static class Quantizer
{
    /// <summary>Quantizes a graph.</summary>
    /// <param name="graph">The graph in real numbers, after all fusions.</param>
    /// <param name="ranges">The values its tensors take, from <see cref="Calibrator"/>.</param>
    /// <param name="options">Choices.</param>
    /// <param name="cancellation">Stops between operators.</param>
    /// <exception cref="UnsupportedModelException">The range of a tensor is not known.</exception>
    public static QuantizeResult Quantize(Graph graph, RangeTable ranges, QuantizeOptions? options = null,
        CancellationToken cancellation = default)
    {
        options ??= new();
        if (options.Precision == Precision.Float32)
            return new(RealOperators.Apply(Affine.WithoutOnReals(graph)), []);
        if (ranges.IsRandom)
            options = options with { Effort = Effort.Fast };
        (LoweredGraph lowered, ranges) = Lower(graph, ranges, options, cancellation);
        ranges = MethodSearch.Apply(lowered, ranges, options, cancellation);
        QuantizationPlan plan = QuantizationPlan.Make(lowered, ranges, options);
        Garbage.Release(); // of the calibration
        ChannelMeans? means = options.CorrectBias ? ChannelMeans.Measure(lowered.Graph, ranges.Samples, cancellation) : null;
        Garbage.Release(); // of the interpreter
        WeightRounding? rounding = options.Effort == Effort.Fast ? null
            : new(lowered.Graph, node => options.Effort == Effort.Best || plan.TypeOf(node) == ElementType.Int16, ranges.Samples,
            options.CorrectBias, cancellation);
        QuantizeResult result = new GraphEmitter(lowered.Graph, plan, options, means, rounding, cancellation).Emit();
        result = result with { Findings = [.. result.Findings, .. RangeLosses.Find(lowered.Graph, plan)] };
        return result with { Graph = RealOperators.Apply(result.Graph), UsesMeasuredRanges = plan.UsesMeasuredRanges };
    }
    /// <summary>The methods by which <see cref="Quantize"/> would choose ranges, for whoever quantizes a graph several times.</summary>
    internal static RangeTable ChooseMethods(Graph graph, RangeTable ranges, QuantizeOptions options, CancellationToken cancellation)
    {
        (LoweredGraph lowered, RangeTable lowerRanges) = Lower(graph, ranges, options, cancellation);
        RangeTable chosen = MethodSearch.Apply(lowered, lowerRanges, options, cancellation);
        return ranges.With(methods: chosen.Methods, isChosen: true);
    }

    private static (LoweredGraph Graph, RangeTable Ranges) Lower(Graph graph, RangeTable ranges, QuantizeOptions options,
        CancellationToken cancellation)
    {
        if (options.Equalize || options.Effort == Effort.Best)
            (graph, ranges) = WeightEqualizer.Apply(graph, ranges, options.Equalize, cancellation);
        (graph, ranges) = SoftmaxMasks.Apply(ConstantFolding.Apply(graph, options.Folding, cancellation), ranges);
        ranges = PadFills.Apply(graph, ranges);
        return (Lowering.Apply(graph, ranges, options), ranges);
    }
}

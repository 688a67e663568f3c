using System.Collections.Immutable;
using EthosU.Graphs;

namespace EthosU.Quantize.Accuracy;

/// <summary>A quantized model against the float model it comes from, on the same data. Ratios are in dB, shares in 0 to 1.</summary>
public sealed record AccuracyReport
{
    /// <summary>Samples run through both models.</summary>
    public required int Samples { get; init; }

    /// <summary>Share of labelled samples that the float model classifies right; null without labels.</summary>
    public double? FloatTop1 { get; init; }

    /// <summary>Share of labelled samples that the quantized model classifies right; null without labels.</summary>
    public double? QuantizedTop1 { get; init; }

    /// <summary>
    /// Share of labelled samples whose class is among the float model's best five; null without labels or with few classes.
    /// </summary>
    public double? FloatTop5 { get; init; }

    /// <summary>
    /// Share of labelled samples whose class is among the quantized model's best five; null without labels or with few classes.
    /// </summary>
    public double? QuantizedTop5 { get; init; }

    /// <summary>
    /// Share of samples in which both models have the same best class; null where the first output is no list of classes.
    /// </summary>
    public double? Agreement { get; init; }

    /// <summary>Signal to quantization noise ratio over all outputs.</summary>
    public required double OutputSqnr { get; init; }

    /// <summary>Every tensor that both models have, in the order in which they are computed.</summary>
    public required ImmutableArray<TensorAccuracy> Tensors { get; init; }

    /// <summary>The layers that lose most, worst first, with what to do.</summary>
    public required ImmutableArray<Finding> Findings { get; init; }
}

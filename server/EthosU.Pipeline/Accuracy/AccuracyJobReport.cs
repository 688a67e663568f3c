using System.Collections.Immutable;
using EthosU.Pipeline.Reports;
using EthosU.Quantize.Accuracy;

namespace EthosU.Pipeline.Accuracy;

/// <summary>
/// How a quantized model compares with the float model: what <c>ethosu accuracy --report</c> writes. Ratios are in dB, shares in 0 to 1.
/// </summary>
public sealed record AccuracyJobReport
{
    /// <summary>The float model's file, as the user named it.</summary>
    public required string Model { get; init; }

    /// <summary>The quantized file.</summary>
    public required string Quantized { get; init; }

    /// <summary>The data set.</summary>
    public required string? Data { get; init; }

    /// <summary>Samples run through both models.</summary>
    public required int Samples { get; init; }

    /// <summary>Share of samples that the float model classifies right; absent without labels.</summary>
    public double? FloatTop1 { get; init; }

    /// <summary>Share of samples that the quantized model classifies right; absent without labels.</summary>
    public double? QuantizedTop1 { get; init; }

    /// <summary>Share of samples whose class is among the float model's best five; absent without labels.</summary>
    public double? FloatTop5 { get; init; }

    /// <summary>Share of samples whose class is among the quantized model's best five; absent without labels.</summary>
    public double? QuantizedTop5 { get; init; }

    /// <summary>
    /// Share of samples in which both models have the same best class; absent where the first output is no list of classes.
    /// </summary>
    public double? Agreement { get; init; }

    /// <summary>Signal to quantization noise ratio over all outputs.</summary>
    public required double OutputSqnr { get; init; }

    /// <summary>Every tensor that both models have, in the order in which they are computed.</summary>
    public required ImmutableArray<TensorAccuracy> Tensors { get; init; }

    /// <summary>The layers that lose most, worst first, with what to do.</summary>
    public ImmutableArray<FindingReport> Findings { get; init; } = [];

    /// <summary>What was tried to make the model more accurate; absent if nothing was to be tried.</summary>
    public FixReport? Fix { get; init; }

    internal static AccuracyJobReport Of(AccuracyJobOptions options, AccuracyReport report) => new()
    {
        Model = options.ModelPath,
        Quantized = options.QuantizedPath,
        Data = options.Data.Path,
        Samples = report.Samples,
        FloatTop1 = report.FloatTop1,
        QuantizedTop1 = report.QuantizedTop1,
        FloatTop5 = report.FloatTop5,
        QuantizedTop5 = report.QuantizedTop5,
        Agreement = report.Agreement,
        OutputSqnr = report.OutputSqnr,
        Tensors = report.Tensors,
        Findings = [.. report.Findings.Select(FindingReport.Of)],
    };
}

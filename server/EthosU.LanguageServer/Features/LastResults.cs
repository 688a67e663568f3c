using System.Collections.Concurrent;
using EthosU.Graphs;
using EthosU.LanguageServer.Analysis;
using EthosU.Pipeline.Accuracy;
using EthosU.Quantize.Accuracy;

namespace EthosU.LanguageServer.Features;

/// <summary>
/// The last result of each model's conversion or compilation: a few words for code lenses, and the accuracy once it is measured.
/// </summary>
internal sealed class LastResults
{
    private readonly ConcurrentDictionary<string, string> words = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, AccuracyJobReport> accuracy = new(StringComparer.Ordinal);

    /// <summary>The words; null if there was no result yet.</summary>
    public string? Describe(string modelPath) => !words.TryGetValue(modelPath, out string? text) ? null
        : accuracy.TryGetValue(modelPath, out AccuracyJobReport? measured) ? $"{text}, {Headline(measured)}" : text;

    /// <summary>Remembers a result.</summary>
    public void Set(string modelPath, string description) => words[modelPath] = description;

    /// <summary>Forgets what was measured of an older conversion.</summary>
    public void ForgetAccuracy(string modelPath, string convertedPath)
    {
        accuracy.TryRemove(modelPath, out _);
        accuracy.TryRemove(convertedPath, out _);
    }

    /// <summary>Remembers the accuracy of a conversion, for the model and for the file made of it.</summary>
    public void SetAccuracy(string modelPath, string convertedPath, AccuracyJobReport report) =>
        accuracy[modelPath] = accuracy[convertedPath] = report;

    /// <summary>What is known of the accuracy of a model's conversion; empty if nothing is.</summary>
    public IReadOnlyList<Fact> AccuracyOf(string modelPath)
    {
        if (!accuracy.TryGetValue(modelPath, out AccuracyJobReport? report))
            return [];
        List<Fact> facts =
            [new("Signal to quantization noise", Figures.Decibels(report.OutputSqnr),
            $"over all outputs, {Figures.Operators(report.Samples, "sample")} of the calibration data")];
        if (report is { FloatTop1: { } before, QuantizedTop1: { } after })
            facts.Add(new("Top-1 accuracy", $"{Figures.Percent(before)} before, {Figures.Percent(after)} after"));
        if (report.Agreement is { } agreement)
            facts.Add(new("Same best class", Figures.Percent(agreement), "samples in which the float model and the quantized one agree"));
        facts.AddRange(report.Findings
            .Select(finding =>
            new Fact($"Loses most: {finding.Operator} {finding.Source?.Node ?? finding.Tensor}", finding.Reason, finding.Advice)));
        return facts;
    }

    /// <summary>
    /// The error of a node's result in the quantized network: noise to signal in dB, the greater the worse; null where it was not measured.
    /// </summary>
    public double? ErrorOf(string modelPath, Node node)
    {
        if (node.Outputs.IsEmpty || !accuracy.TryGetValue(modelPath, out AccuracyJobReport? report))
            return null;
        TensorAccuracy? tensor = report.Tensors.FirstOrDefault(tensor => tensor.Name == node.Output.Name);
        return tensor is not null && double.IsFinite(tensor.Sqnr) ? Math.Round(-tensor.Sqnr, 2) : null;
    }

    private static string Headline(AccuracyJobReport report) => report.Agreement is { } agreement
        ? $"{Figures.Percent(agreement)} same class" : $"{Figures.Decibels(report.OutputSqnr)} signal to noise";
}

using System.Collections.Immutable;
using EthosU.Files;
using EthosU.Graphs;
using EthosU.Npu.Targets;
using EthosU.Optimize;
using EthosU.Pipeline.Converting;
using EthosU.Pipeline.Formats;
using EthosU.Quantize.Accuracy;
using EthosU.Quantize.Calibration;
using EthosU.Quantize.Ranges;

namespace EthosU.Pipeline.Accuracy;

/// <summary>
/// Compares a quantized model with the float model it comes from, as a whole and layer by layer, and makes it more accurate on request.
/// </summary>
public static class AccuracyJob
{
    // Gains are differences of noise: more samples than calibration keeps, so that luck decides less.
    private const int FixSamples = 64;

    /// <summary>Compares, writes a report where one is asked for, and a changed model where one is.</summary>
    /// <param name="options">Choices.</param>
    /// <param name="progress">Told each step.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="ModelFormatException">A model or the data are damaged, or they do not fit together.</exception>
    /// <exception cref="UnsupportedModelException">A model holds what cannot be run.</exception>
    /// <exception cref="FileNotFoundException">A file that the options name does not exist.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static AccuracyJobReport Run(AccuracyJobOptions options, IProgress<JobProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        InputFile.Require(options.ModelPath, ModelFormats.AnySource);
        options.Data.Require();
        options.Calibration?.Require();
        string?[] read = [options.ModelPath, options.QuantizedPath, options.Data.Path, options.Calibration?.Path];
        if (options.FixedPath is { } fixedPath)
            OutputFile.Check(fixedPath, read);
        if (options.ReportPath is { } reportFile)
            OutputFile.Check(reportFile, [.. read, options.FixedPath]);
        progress?.Report(new("importing"));
        Graph quantized = ModelFile.ReadRunnable(options.QuantizedPath).Graph;
        ModelFile model =
            ModelFile.ReadSource(options.ModelPath, new() { BatchSize = BatchSize(quantized), Sizes = options.Sizes }, cancellation);
        foreach (string written in new[] { options.FixedPath, options.ReportPath }.OfType<string>())
            OutputFile.Check(written, model.DataFiles);
        Graph graph = Match(options, model.Graph, quantized, cancellation);
        AccuracyJobReport report = Measure(options, model, graph, quantized, progress, cancellation);
        if (options.FixedPath is { } output)
            report = report with { Fix = Fix(options, output, model, graph, quantized, progress, cancellation) };
        if (options.ReportPath is { } reportPath)
            OutputFile.Write(reportPath, ReportJson.Write(report));
        return report;
    }

    private static AccuracyJobReport Measure(AccuracyJobOptions options, ModelFile model, Graph graph, Graph quantized,
        IProgress<JobProgress>? progress, CancellationToken cancellation)
    {
        AccuracyOptions measure = options.Measure with { MaxSamples = options.Data.Samples ?? options.Measure.MaxSamples };
        AccuracyReport report =
            AccuracyMeter.Measure(model.Format.Reference(options.ModelPath, graph), graph, quantized, options.Data.Open(model), measure,
            StepShare.Of(progress, "comparing"), cancellation);
        return AccuracyJobReport.Of(options, report);
    }

    private static FixReport Fix(AccuracyJobOptions options, string output, ModelFile model, Graph graph, Graph quantized,
        IProgress<JobProgress>? progress, CancellationToken cancellation)
    {
        DataSet data = options.Calibration ?? options.Data;
        CalibrationOptions calibration = new();
        Target? target = options.Target?.Resolve();
        RangeTable ranges = Calibrator.Collect(model.Format.Reference(options.ModelPath, graph), graph, data.Open(model),
            calibration with { MaxSamples = data.Samples ?? calibration.MaxSamples, KeptSamples = FixSamples },
            StepShare.Of(progress, "calibrating"), cancellation)
            .WithTrained(model.Quantizations);
        FixOptions fix =
            new() { Start = options.Quantization, Given = quantized, WidestShare = options.Int16Share, Narrow =
            NarrowLayers.Find(graph, ranges, options.Quantization, target, cancellation) };
        FixResult result = AccuracyFixer.Fix(graph, ranges, fix, StepShare.Of(progress, "trying changes"), cancellation);
        RunnableModel.Require(result.Graph, cancellation);
        byte[] content = RunnableModel.Write(result.Graph, output);
        AccuracyJobReport after = Measure(options with { QuantizedPath = output }, model, graph, result.Graph, progress, cancellation);
        OutputFile.Write(output, content);
        return new(output, target?.Accelerator.Name, result.Steps,
            [.. graph.Nodes.Select(static node => node.Output.Name).Where(result.Options.Int16Layers.Contains)], after);
    }

    // The quantized file does not say which order of axes its conversion was asked for: it is the one that gives its shapes.
    private static Graph Match(AccuracyJobOptions options, Graph imported, Graph quantized, CancellationToken cancellation)
    {
        Graph? first = null;
        foreach (DataLayout input in new[] { DataLayout.Nhwc, DataLayout.Nchw })
        {
            foreach (DataLayout output in new[] { DataLayout.Nhwc, DataLayout.Nchw })
            {
                Graph graph = GraphOptimizer
                    .Optimize(imported, new() { InputLayout = input, OutputLayout = output }, null, cancellation).Graph;
                if (Same(graph.Inputs, quantized.Inputs) && Same(graph.Outputs, quantized.Outputs))
                    return graph;
                first ??= graph;
            }
        }
        throw new ModelFormatException(options.QuantizedPath, "",
            $"this model is not made of {options.ModelPath}: it has inputs {List(quantized.Inputs)} and outputs "
                + $"{List(quantized.Outputs)}, that gives {List(first!.Inputs)} and {List(first.Outputs)}");
    }

    private static bool Same(ImmutableArray<Tensor> a, ImmutableArray<Tensor> b) =>
        a.Select(static t => t.Shape).SequenceEqual(b.Select(static t => t.Shape));

    private static string List(ImmutableArray<Tensor> tensors) => string.Join(", ", tensors.Select(static t => t.Shape));

    private static int BatchSize(Graph graph) => graph.Inputs is [{ Shape: { Rank: > 0 } shape }, ..] ? Math.Max(shape[0], 1) : 1;
}

using System.Collections.Immutable;
using EthosU.Files;
using EthosU.Graphs;
using EthosU.Interpreter;
using EthosU.Npu;
using EthosU.Npu.Targets;
using EthosU.Optimize;
using EthosU.Pipeline.Formats;
using EthosU.Pipeline.Inspecting;
using EthosU.Pipeline.Reports;
using EthosU.Quantize;
using EthosU.Quantize.Calibration;
using EthosU.Quantize.Data;
using EthosU.Quantize.Ranges;
using EthosU.Quantize.Reference;
using EthosU.Quantize.Search;
using EthosU.TfLite;

namespace EthosU.Pipeline.Converting;

/// <summary>Makes a TensorFlow Lite file of a model's file: import, optimize, calibrate, quantize, write.</summary>
public static class ConvertJob
{
    private const string RandomData = "calibration-random-data"; // no warning where the data decide nothing

    /// <summary>
    /// Converts a model and writes it, and a report where one is asked for. A failed or cancelled run leaves no file and harms none.
    /// </summary>
    /// <param name="options">Choices.</param>
    /// <param name="progress">Told each step.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="ModelFormatException">The model or the data are damaged or do not fit together.</exception>
    /// <exception cref="UnsupportedModelException">The model holds what cannot be expressed; all of it is named, and is in the report
    /// too.</exception>
    /// <exception cref="FileNotFoundException">A file that the options name does not exist.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static ConvertReport Run(ConvertOptions options, IProgress<JobProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        InputFile.Require(options.ModelPath, ModelFormats.AnySource);
        string?[] read = [options.ModelPath, options.Calibration.Path];
        OutputFile.Check(options.ResultPath, read);
        if (options.ReportPath is { } path)
            OutputFile.Check(path, [.. read, options.ResultPath]);
        try
        {
            (Graph graph, ConvertReport report) = Convert(options, [options.ResultPath, options.ReportPath], progress, cancellation);
            progress?.Report(new("writing"));
            byte[] content = RunnableModel.Write(graph, options.ResultPath);
            cancellation.ThrowIfCancellationRequested();
            OutputFile.Write(options.ResultPath, content);
            report = report with { Output = options.ResultPath, Bytes = content.Length };
            WriteReport(options, report);
            return report;
        }
        catch (UnsupportedModelException e)
        {
            WriteReport(options, Begin(options) with { Refused = true, Findings = [.. e.Findings.Select(FindingReport.Of)] });
            throw;
        }
    }

    /// <summary>Converts a model in memory.</summary>
    /// <param name="options">Choices.</param>
    /// <param name="outputs">The files that are to be written: none may be one from which the model's constants are read.</param>
    /// <param name="progress">Told each step.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <returns>The graph to write, and the report but for what is known only after writing.</returns>
    internal static (Graph Graph, ConvertReport Report) Convert(ConvertOptions options, IEnumerable<string?> outputs,
        IProgress<JobProgress>? progress, CancellationToken cancellation)
    {
        bool quantize = options.Quantization.Precision != Precision.Float32;
        if (quantize)
            options.Calibration.Require();
        FoldingBudget folding = new();
        (Graph graph, IReferenceModel reference, SampleSource? samples, ImmutableDictionary<string, Quantization> trained,
            ImmutableArray<Finding> findings)
            = Import(options, outputs, folding, progress, cancellation);
        CalibrationReport? calibration = null;
        MixedReport? mixed = null;
        if (samples is not null)
        {
            CalibrationOptions ranges = options.Ranges with { MaxSamples = options.Calibration.Samples ?? options.Ranges.MaxSamples };
            progress?.Report(new("calibrating", 0));
            RangeTable table =
                Calibrator.Collect(reference, graph, samples, ranges, StepShare.Of(progress, "calibrating"), cancellation)
                .WithTrained(trained);
            QuantizeOptions choices = options.Quantization with { Folding = folding };
            if (options.Mixed is not null)
                (mixed, choices) = WideLayers(options, graph, table, choices, progress, cancellation);
            progress?.Report(new("quantizing"));
            QuantizeResult quantized = Quantizer.Quantize(graph, table, choices, cancellation);
            graph = quantized.Graph;
            findings = [.. findings, .. table.Findings.Where(finding => quantized.UsesMeasuredRanges || finding.RuleId != RandomData),
                .. quantized.Findings];
            calibration = new(options.Calibration.Path, table.SampleCount, ranges.Method.ToString().ToLowerInvariant());
        }
        else
        {
            graph = Quantizer.Quantize(graph, RangeTable.Of([]), options.Quantization, cancellation).Graph;
        }
        options.Passes?.Show("quantization", () => GraphListing.Write(graph));
        RunnableModel.Require(graph, cancellation);
        return (graph, Begin(options) with
        {
            Calibration = calibration,
            Mixed = mixed,
            Inputs = [.. graph.Inputs.Select(TensorDescription.Of)],
            Outputs = [.. graph.Outputs.Select(TensorDescription.Of)],
            OperatorCounts = OperatorCount.Of(graph),
            Findings = [.. findings.Select(FindingReport.Of)],
        });
    }

    /// <summary>The layers that are worth 16 bits, and the choices with them.</summary>
    private static (MixedReport? Report, QuantizeOptions Choices) WideLayers(ConvertOptions options, Graph graph, RangeTable ranges,
        QuantizeOptions choices, IProgress<JobProgress>? progress, CancellationToken cancellation)
    {
        Target target = options.Target.Resolve();
        MixedResult? found = MixedPrecision.Choose(graph, ranges, choices, options.Mixed!,
            NarrowLayers.Find(graph, ranges, choices, target, cancellation), Cycles, StepShare.Of(progress, "choosing 16-bit layers"),
            cancellation);
        return found is null ? (null, choices) : (new(target.Accelerator.Name, found.Layers, found.Before, found.After,
            (long)found.CyclesBefore, (long)found.CyclesAfter), choices with { Int16Layers = choices.Int16Layers.Union(found.Layers) });

        double Cycles(Graph quantized) =>
            NpuCompiler.Compile(OutputCopies.Insert(quantized), new(target), null, cancellation).Estimate.TotalCycles;
    }

    /// <summary>
    /// The optimized graph, and of the model what is needed later: its own graph holds the weights once more, and is let go. No samples
    /// where nothing is calibrated.
    /// </summary>
    private static (Graph Graph, IReferenceModel Reference, SampleSource? Samples, ImmutableDictionary<string, Quantization> Trained,
        ImmutableArray<Finding> Findings) Import(
        ConvertOptions options, IEnumerable<string?> outputs, FoldingBudget folding, IProgress<JobProgress>? progress,
        CancellationToken cancellation)
    {
        progress?.Report(new("importing"));
        ModelFile model =
            ModelFile.ReadSource(options.ModelPath, new() { BatchSize = options.BatchSize, Sizes = options.Sizes, Folding = folding },
            cancellation);
        foreach (string output in outputs.OfType<string>())
            OutputFile.Check(output, model.DataFiles);
        progress?.Report(new("optimizing"));
        OptimizeResult optimized = GraphOptimizer.Optimize(model.Graph,
            new() { InputLayout = options.InputLayout, OutputLayout = options.OutputLayout, Folding = folding, Passes = options.Passes },
            null, cancellation);
        SampleSource? samples = options.Quantization.Precision != Precision.Float32 ? options.Calibration.Open(model) : null;
        return (optimized.Graph, model.Format.Reference(options.ModelPath, optimized.Graph), samples, model.Quantizations,
            [.. model.Findings, .. optimized.Findings]);
    }

    private static ConvertReport Begin(ConvertOptions options) =>
        new() { Model = options.ModelPath, Precision = options.Quantization.Precision.ToString().ToLowerInvariant() };

    private static void WriteReport(ConvertOptions options, ConvertReport report)
    {
        if (options.ReportPath is { } path)
            OutputFile.Write(path, ReportJson.Write(report));
    }
}

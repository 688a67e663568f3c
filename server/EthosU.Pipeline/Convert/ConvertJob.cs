using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Onnx;
using EthosU.TfLite;

namespace EthosU.Pipeline;

/// <summary>Makes a TensorFlow Lite file of an ONNX file.</summary>
public static class ConvertJob
{
    /// <summary>Converts a model and writes it, and a report where one is asked for. A failed or cancelled run leaves no file and harms none.</summary>
    /// <param name="options">Choices.</param>
    /// <param name="progress">Told each step.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="ModelFormatException">The model or the data are damaged or do not fit together.</exception>
    /// <exception cref="UnsupportedModelException">The model holds what cannot be expressed; all of it is named, and is in the report too.</exception>
    /// <exception cref="FileNotFoundException">A file that the options name does not exist.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static ConvertReport Run(ConvertOptions options, IProgress<JobProgress>? progress = null, CancellationToken cancellation = default)
    {
        InputFile.Require(options.ModelPath, "an ONNX model (.onnx)");
        OutputFile.Check(options.ResultPath);
        if (options.ReportPath is { } reportPath)
            OutputFile.Check(reportPath);
        ConvertReport report;
        try
        {
            (Graph graph, report) = Convert(options, progress, cancellation);
            progress?.Report(new("writing"));
            byte[] content = TfLiteWriter.Write(graph);
            cancellation.ThrowIfCancellationRequested();
            OutputFile.Write(options.ResultPath, content);
            report = report with { Output = options.ResultPath, Bytes = content.Length };
        }
        catch (UnsupportedModelException e)
        {
            WriteReport(options, Begin(options) with { Refused = true, Findings = [.. e.Findings.Select(FindingReport.Of)] });
            throw;
        }
        WriteReport(options, report);
        return report;
    }

    private static (Graph Graph, ConvertReport Report) Convert(ConvertOptions options, IProgress<JobProgress>? progress, CancellationToken cancellation)
    {
        progress?.Report(new("importing"));
        OnnxModel model = OnnxReader.Read(options.ModelPath, null, cancellation);
        Graph graph = model.Graph;
        ImmutableArray<Finding> findings = model.Findings;
        return (graph, Begin(options) with
        {
            Inputs = [.. graph.Inputs.Select(TensorDescription.Of)],
            Outputs = [.. graph.Outputs.Select(TensorDescription.Of)],
            OperatorCounts = OperatorCount.Of(graph),
            Findings = [.. findings.Select(FindingReport.Of)],
        });
    }

    private static ConvertReport Begin(ConvertOptions options) =>
        new() { Model = options.ModelPath, Precision = options.Precision.ToString().ToLowerInvariant() };

    private static void WriteReport(ConvertOptions options, ConvertReport report)
    {
        if (options.ReportPath is { } path)
            OutputFile.Write(path, ReportJson.Write(report));
    }
}

using System.Collections.Immutable;
using System.Security.Cryptography;
using EthosU.Files;
using EthosU.Graphs;
using EthosU.Npu;
using EthosU.Npu.Targets;
using EthosU.Npy;
using EthosU.Pipeline.Checking;
using EthosU.Pipeline.Converting;
using EthosU.Pipeline.Formats;
using EthosU.Pipeline.Reports;
using EthosU.Simulator;
using EthosU.TfLite;

namespace EthosU.Pipeline.Compiling;

/// <summary>Compiles a model for an Ethos-U; other models are converted first.</summary>
public static class CompileJob
{
    /// <summary>
    /// Compiles a model and writes it, and a report where one is asked for. A failed or cancelled run leaves no file and harms none.
    /// </summary>
    /// <param name="options">Choices.</param>
    /// <param name="progress">Told each step.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="ModelFormatException">The model, the data or a configuration are damaged, or do not fit together.</exception>
    /// <exception cref="UnsupportedModelException">The model cannot be compiled, or the target is not possible; the report says so
    /// too.</exception>
    /// <exception cref="FileNotFoundException">A file that the options name does not exist.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static CompileReport Run(CompileJobOptions options, IProgress<JobProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        InputFile.Require(options.ModelPath, ModelFormats.AnyModel);
        string?[] read = [options.ModelPath, options.Conversion?.Calibration.Path, .. options.Target.ConfigPaths];
        OutputFile.Check(options.ResultPath, read);
        if (options.ReportPath is { } path)
            OutputFile.Check(path, [.. read, options.ResultPath]);
        if (options.SummaryPath is { } summary)
            OutputFile.Check(summary, [.. read, options.ResultPath, options.ReportPath]);
        Target target = options.Target.Resolve();
        CompileReport report = new() { Model = options.ModelPath, Target = target.ToString(), Goal = options.Goal.Name() };
        try
        {
            (Graph graph, ImmutableArray<FindingReport> findings, CalibrationReport? calibration) = Load(options, progress, cancellation);
            CompileResult result = NpuCompiler.Compile(graph, Choices(options, graph, target),
                progress is null ? null : new Stages(progress), cancellation);
            Check(result.Graph, options.ModelPath, cancellation);
            progress?.Report(new("writing"));
            byte[] content = Content(result.Graph, options.Format);
            cancellation.ThrowIfCancellationRequested();
            OutputFile.Write(options.ResultPath, content);
            if (options.SummaryPath is not null)
                SummaryFile.Write(options.SummaryPath, Path.GetFileNameWithoutExtension(options.ModelPath), graph, result);
            report = report.With(result, findings) with
            {
                Output = options.ResultPath,
                Bytes = content.Length,
                Sha256 = Convert.ToHexStringLower(SHA256.HashData(content)),
                Calibration = calibration,
            };
            WriteReport(options, report);
            return report;
        }
        catch (UnsupportedModelException e)
        {
            WriteReport(options, report with { Refused = true, Findings = [.. e.Findings.Select(FindingReport.Of)] });
            throw;
        }
    }

    /// <summary>
    /// Compiles a checked model in memory and says what it comes to. Cycles and memory of an ONNX model are those of its conversion: they
    /// do not depend on the ranges that calibration finds. A model that is compiled already is read instead.
    /// </summary>
    /// <exception cref="ModelFormatException">The model is compiled already, and damaged.</exception>
    /// <exception cref="UnsupportedModelException">The model cannot be compiled.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static CompileReport Estimate(string modelPath, CheckedModel model, OptimisationGoal goal,
        CancellationToken cancellation = default)
    {
        if (model.IsCompiled)
            return CompiledModelReport.Of(modelPath, model);
        CompileReport report = new() { Model = modelPath, Target = model.Target.ToString(), Goal = goal.Name() };
        CompileResult result =
            NpuCompiler.Compile(model.Graph, new(model.Target) { OptimiseFor = goal.ToCompiler() }, null, cancellation);
        // What the check has found holds all that the compiler finds.
        return report.With(result with { Findings = [] }, [.. model.Findings.Select(FindingReport.Of)]);
    }

    /// <summary>Nothing leaves the compiler that the simulator would refuse: a mistake of ours is told before there is a file.</summary>
    private static void Check(Graph compiled, string modelPath, CancellationToken cancellation)
    {
        ImmutableArray<(Node Node, Violation Violation)> violations = CompiledModelChecker.Check(compiled, modelPath, cancellation);
        if (!violations.IsEmpty)
            throw new InvalidOperationException(
                $"the compiled model breaks a rule of the hardware and is not written: "
                    + $"{violations[0].Violation}{(violations.Length == 1 ? "" : $", and {violations.Length - 1} more")}");
    }

    /// <summary>The compiler's choices.</summary>
    internal static CompileOptions Choices(CompileJobOptions options, Graph graph, Target target) => new(target)
    {
        OptimiseFor = options.Goal.ToCompiler(),
        CpuTensorAlignment = options.CpuTensorAlignment,
        KeepOnCpu = KeptOnCpu(graph, options),
        Passes = options.Passes,
    };

    /// <summary>The model to compile, and what there is to say about it so far.</summary>
    internal static (Graph Graph, ImmutableArray<FindingReport> Findings, CalibrationReport? Calibration) Load(CompileJobOptions options,
        IProgress<JobProgress>? progress, CancellationToken cancellation)
    {
        (Graph graph, ImmutableArray<FindingReport> findings, CalibrationReport? calibration) = Read(options, progress, cancellation);
        if (options.ForceSymmetricWeights)
        {
            (graph, ImmutableArray<FindingReport> forced) = SymmetricWeights.Force(graph);
            findings = [.. findings, .. forced];
        }
        // The memory plan counts tensors: none may be added when the file is written.
        return (OutputCopies.Insert(graph), findings, calibration);
    }

    private static (Graph Graph, ImmutableArray<FindingReport> Findings, CalibrationReport? Calibration) Read(CompileJobOptions options,
        IProgress<JobProgress>? progress, CancellationToken cancellation)
    {
        ConvertOptions conversion = options.Conversion is { } given ? given with { ModelPath = options.ModelPath }
            : new() { ModelPath = options.ModelPath };
        conversion = conversion with { Passes = options.Passes, Target = options.Target };
        if (!ModelFormats.Of(options.ModelPath).NeedsConversion)
            return (ModelFile
                .Read(options.ModelPath, new() { BatchSize = conversion.BatchSize, Sizes = conversion.Sizes }, cancellation).Graph, [], null);
        (Graph graph, ConvertReport report) =
            ConvertJob.Convert(conversion, [options.ResultPath, options.ReportPath], progress, cancellation);
        return (graph, report.Findings, report.Calibration);
    }

    private static byte[] Content(Graph compiled, CompiledFormat format)
    {
        if (format == CompiledFormat.TfLite)
            return TfLiteWriter.Write(compiled, marked: true);
        using MemoryStream archive = new();
        NumpyArchive.Write(archive, RawModel.Parts(compiled), compress: false);
        return archive.ToArray();
    }

    private static HashSet<string> KeptOnCpu(Graph graph, CompileJobOptions options) => options.OperatorsOnCpu.Count == 0 ? []
        : [.. graph.Nodes.Where(node => options.OperatorsOnCpu.Contains(node.Operator.Name, StringComparer.OrdinalIgnoreCase))
        .Select(static node => node.Name)];

    private static void WriteReport(CompileJobOptions options, CompileReport report)
    {
        if (options.ReportPath is { } path)
            OutputFile.Write(path, ReportJson.Write(report));
    }

    private sealed class Stages(IProgress<JobProgress> progress) : IProgress<CompileProgress>
    {
        public void Report(CompileProgress value) => progress.Report(new("compiling", value.Fraction));
    }
}

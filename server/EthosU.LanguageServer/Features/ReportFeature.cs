using EthosU.Graphs;
using EthosU.LanguageServer.Analysis;
using EthosU.LanguageServer.Hosting;
using EthosU.Pipeline.Checking;
using EthosU.Pipeline.Compiling;
using EthosU.Pipeline.Targets;
using StreamJsonRpc;

namespace EthosU.LanguageServer.Features;

/// <summary>What a model comes to when it is compiled: the report page, and all targets side by side.</summary>
internal sealed class ReportFeature(Analyzer analyzer, FindingViews views, LastResults results)
{
    private const int MostShares = 20;

    [JsonRpcMethod("ethosu/report", UseSingleObjectParameterDeserialization = true)]
    public async Task<ReportData> ReportAsync(ModelParams parameters, CancellationToken cancellation)
    {
        string path = DocumentUri.ToPath(parameters.Uri);
        ModelAnalysis analysis = await analyzer.AnalyzeAsync(path, parameters.Target, cancellation).ConfigureAwait(false);
        FindingView[] findings = [.. analysis.Findings.Select(finding => views.Of(analysis, finding))];
        string title = Path.GetFileName(path);
        if (analysis.Model is not { } model)
            return new(title, parameters.Uri, analysis.Settings.Target.Accelerator,
                [new("Result", "cannot be converted", "The findings say why.")], new([], []), null, [], [], findings);
        CompileReport report = await analyzer.EstimateAsync(analysis, model, cancellation).ConfigureAwait(false);
        return new(title, parameters.Uri, Figures.Target(report), Summary(report, model), Table(report, model.Graph, path),
            Memory(report, fast: false), Shares(report, model.Graph), results.AccuracyOf(path), findings,
            ByOperator(report), Memory(report, fast: true));
    }

    [JsonRpcMethod("ethosu/compare", UseSingleObjectParameterDeserialization = true)]
    public async Task<ComparisonData> CompareAsync(ModelParams parameters, CancellationToken cancellation)
    {
        string path = DocumentUri.ToPath(parameters.Uri);
        ModelAnalysis analysis = await analyzer.AnalyzeAsync(path, parameters.Target, cancellation).ConfigureAwait(false);
        CheckedModel model = analysis.Model
            ?? throw new UserErrorException(string.Join('\n', analysis.Findings.Select(finding => finding.ToString())));
        if (model.IsCompiled)
            throw new UserErrorException(
                $"{Path.GetFileName(path)} is compiled for {model.TargetSummary.Accelerator} already; compare the model that it was made "
                    + $"of.");
        List<(string Name, CompileReport? Report, string Problem)> reports = [];
        foreach (AcceleratorSummary accelerator in AcceleratorSummary.All)
        {
            try
            {
                CheckedModel other = model.For(analysis.Settings.WithAccelerator(accelerator.Name).Target);
                reports.Add((accelerator.Name, await analyzer.EstimateAsync(analysis, other, cancellation).ConfigureAwait(false), ""));
            }
            catch (UnsupportedModelException refused)
            {
                reports.Add((accelerator.Name, null, refused.Findings[0].Reason));
            }
        }
        ComparisonRow Row(string label, Func<CompileReport, string> text) =>
            new(label, [.. reports.Select(entry => entry.Report is { } report ? text(report) : "–")]);
        ComparisonRow Figure(string label, Func<CompileReport, double?> value, Func<double, string> text, string? better = "less") =>
            Row(label, report => value(report) is { } known ? text(known) : "–") with
        {
            Values = [.. reports.Select(entry => entry.Report is { } report ? value(report) : null)],
            Better = better,
        };
        static string Count(double value) => Figures.Count((long)value);
        static string Bytes(double value) => Figures.Bytes((long)value);
        List<ComparisonRow> rows =
        [
            Figure("Inference time on the NPU", report => report.Estimate?.Milliseconds, Figures.Milliseconds),
            Figure("NPU cycles", report => report.Estimate?.TotalCycles, Count),
            Figure("MAC utilisation", report => report.Estimate?.Utilisation, Figures.Percent, better: "more"),
            Row("On the NPU", report => $"{report.Placement.Length - report.CpuOperators} of {report.Placement.Length} operators"),
            Row("ethos-u operators", report => Figures.Count(report.NpuOperators)),
            Figure("Arena", report => report.Memory!.ArenaBytes, Bytes),
            Figure("SRAM", report => report.Memory!.SramBytes, Bytes),
            Figure("Flash", report => report.Memory!.FlashBytes, Bytes),
            Row("Optimised for", report => report.Goal ?? "–"),
            Row("System", report => Part(report, 1)),
            Row("Memory mode", report => Part(report, 2)),
        ];
        if (reports.Exists(entry => entry.Problem.Length > 0))
            rows.Add(new("Not possible", [.. reports.Select(entry => entry.Problem)]));
        return new(Path.GetFileName(path), parameters.Uri, [.. reports.Select(entry => entry.Name)], rows,
            analysis.Settings.Target.Accelerator);
    }

    /// <summary>Accelerator, system configuration or memory mode.</summary>
    private static string Part(CompileReport report, int index) =>
        report.Target.Split(", ") is { } parts && index < parts.Length ? parts[index] : "";

    private static List<Fact> Summary(CompileReport report, CheckedModel model)
    {
        TargetSummary target = model.TargetSummary;
        int all = report.Placement.Length, npu = all - report.CpuOperators;
        MemoryReport memory = report.Memory!;
        List<Fact> facts =
        [
            Origin(report, model),
            new("On the NPU", $"{npu} of {all} operators", $"in {Figures.Operators(report.NpuOperators, "ethos-u operator")}"),
            new("On the CPU", Figures.Count(report.CpuOperators), report.CpuOperators == 0 ? null
                : "Their time is not part of the estimate."),
        ];
        if (report.Estimate is { } estimate)
            facts.AddRange(
            [
                new("NPU cycles", Figures.Count(estimate.TotalCycles), $"{Figures.Count(estimate.NpuCycles)} of computing"),
                new("Inference time", Figures.Milliseconds(estimate.Milliseconds), $"on the NPU at {target.CoreClock / 1e6:0} MHz"),
                new("MAC utilisation", Figures.Percent(estimate.Utilisation), $"{Figures.Count(estimate.Macs)} multiply-accumulates"),
            ]);
        else
            facts.Add(new("NPU cycles", "–", $"Nothing is known yet of the times of {target.Accelerator}."));
        facts.Add(new("Arena", Figures.Bytes(memory.ArenaBytes), $"in {target.ArenaMemory}"));
        if (memory.FastBytes > 0)
            facts.Add(new("Fast memory", Figures.Bytes(memory.FastBytes), $"in {target.CacheMemory}"));
        facts.Add(new("Flash", Figures.Bytes(memory.FlashBytes),
            $"{Figures.Bytes(memory.ReadOnlyBytes)} of weights and constants, {Figures.Bytes(memory.CommandBytes)} of commands"));
        facts.AddRange((report.Estimate?.Traffic ?? [])
            .Select(traffic => new Fact($"{traffic.Memory} bandwidth", $"{traffic.BytesPerSecond / 1e9:0.###} GB/s",
            $"{Figures.Bytes(traffic.FeatureMapBytes)} of feature maps, "
                + $"{Figures.Bytes(traffic.WeightBytes)} of weights in one inference")));
        return facts;
    }

    /// <summary>Of which file the figures are.</summary>
    private static Fact Origin(CompileReport report, CheckedModel model) => report switch
    {
        { Output: { } output, Sha256: { } hash } => new("Compiled file", Path.GetFileName(output),
            $"SHA-256 {hash[..16]}…; {(report.Calibration is null ? "ranges as in the model"
                : report.Calibration.Data is { } data ? $"calibrated on {Path.GetFileName(data)}" : "calibrated on random numbers")}"),
        _ when model.IsCompiled => new("Compiled file", Path.GetFileName(report.Model), "read from its command streams"),
        _ when model.Format.NeedsConversion => new("Compiled file", "none yet", "An estimate with assumed ranges; compile for the file."),
        _ => new("Compiled file", "none yet", "An estimate; compile for the file."),
    };

    private TableView Table(CompileReport report, Graph graph, string path)
    {
        NodeCycles cycles = new(report);
        ILookup<(string, string), OperationReport> operations =
            report.Operations.ToLookup(operation => (operation.Node, operation.Operator));
        HashSet<(string, string)> onNpu = [.. report.Placement.Where(static placement => placement.NpuOperator is not null)
            .Select(static placement => (placement.Node, placement.Operator))];
        double total = Math.Max(1, report.Operations.Sum(operation => operation.Cycles));
        ReportRow[] rows = new ReportRow[graph.Nodes.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            Node node = graph.Nodes[i];
            long? count = cycles.Of(node);
            rows[i] = new(GraphIds.Of(i),
            [
                i, node.Operator.Name, node.Name, node.Outputs.IsEmpty ? "" : TensorText.Short(node.Output),
                onNpu.Contains((node.Name, node.Operator.Name)) ? "NPU" : "CPU",
                count, count is { } c ? Math.Round(c / total * 100, 2)
                    : null, operations[(node.Name, node.Operator.Name)].Sum(operation => operation.Macs),
                results.ErrorOf(path, node) is { } error ? -error : null, NodeSizes.Weights(node), NodeSizes.Activations(node),
                node.Source.UserFrame is { } frame ? $"{Path.GetFileName(frame.File.Replace('\\', '/'))}:{frame.Line}" : null,
            ], views.LinkTo(node.Source));
        }
        ColumnView[] columns =
            [new("#", true), new("Operator", false), new("Name", false), new("Output", false), new("Runs on", false), new("Cycles", true),
            new("Cycles %", true),
            new("MACs", true), new("SQNR (dB)", true), new("Constants (bytes)", true), new("Output (bytes)", true), new("Source", false)];
        // What is known of no operator is no column.
        int[] known = [.. Enumerable.Range(0, columns.Length).Where(column => rows.Any(row => row.Cells[column] is not null))];
        return new([.. known.Select(column => columns[column])],
            [.. rows.Select(row => row with { Cells = [.. known.Select(column => row.Cells[column])] })]);
    }

    private static MemoryMapView? Memory(CompileReport report, bool fast)
    {
        MemoryTensorView[] tensors =
            [.. report.Tensors.Where(tensor => tensor.IsFast == fast)
            .Select(tensor => new MemoryTensorView(tensor.Name, tensor.Offset, tensor.Size, tensor.FirstStep, tensor.LastStep))];
        return tensors.Length == 0 ? null
            : new(fast ? report.Memory!.FastBytes : report.Memory!.ArenaBytes, report.StepCount + 1, tensors, fast ? "Fast memory"
            : "Arena");
    }

    private static CycleShare[] ByOperator(CompileReport report) =>
        [.. report.Operations.GroupBy(operation => operation.Operator, StringComparer.Ordinal)
        .Select(group => new CycleShare(group.Key, group.Sum(operation => operation.Cycles), null)).Where(share => share.Value > 0)
        .OrderByDescending(share => share.Value).ThenBy(share => share.Label, StringComparer.Ordinal)];

    private static CycleShare[] Shares(CompileReport report, Graph graph)
    {
        NodeCycles cycles = new(report);
        return [.. graph.Nodes.Select((node, index) => (Node: node, Index: index, Cycles: cycles.Of(node) ?? 0))
            .Where(entry => entry.Cycles > 0)
            .OrderByDescending(entry => entry.Cycles).ThenBy(entry => entry.Index).Take(MostShares)
            .Select(entry => new CycleShare($"{entry.Node.Operator.Name} {entry.Node.Name}", entry.Cycles, GraphIds.Of(entry.Index)))];
    }
}

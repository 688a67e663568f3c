using EthosU.Files;
using EthosU.LanguageServer.Analysis;
using EthosU.LanguageServer.Hosting;
using StreamJsonRpc;

namespace EthosU.LanguageServer.Features;

/// <summary>Checks one model, or all of the workspace, on command.</summary>
internal sealed class CheckFeature(WorkspaceModels workspace, DiagnosticsFeature diagnostics, JobRunner jobs, Client client)
{
    [JsonRpcMethod("ethosu/check", UseSingleObjectParameterDeserialization = true)]
    public async Task<CheckResult> CheckAsync(CheckParams parameters, CancellationToken cancellation)
    {
        IReadOnlyList<string> models = parameters.Uri is { } uri ? [DocumentUri.ToPath(uri)] : workspace.Find();
        if (parameters.Uri is not null && !InputFile.Exists(models[0]))
            throw new UserErrorException($"{models[0]} does not exist.");
        string? token = parameters.WorkDoneToken;
        return await jobs.TrackAsync(token, "Checking models", async stop =>
        {
            List<ModelAnalysis> analyses = [];
            int failed = 0;
            for (int i = 0; i < models.Count; i++)
            {
                stop.ThrowIfCancellationRequested();
                if (token is not null)
                    await client.ReportProgressAsync(token,
                        new("report", Message: Path.GetFileName(models[i]), Percentage: 100 * i / models.Count)).ConfigureAwait(false);
                if (await diagnostics.CheckAsync(models[i], parameters.Target, stop).ConfigureAwait(false) is { } analysis)
                    analyses.Add(analysis);
                else
                    failed++;
            }
            return new CheckResult(models.Count, models.Count == 1 && analyses.Count == 1 ? DescribeOne(analyses[0])
                : DescribeAll(models.Count, failed, analyses));
        }, cancellation).ConfigureAwait(false);
    }

    private static string DescribeOne(ModelAnalysis analysis)
    {
        string name = Path.GetFileName(analysis.Path);
        if (analysis.Model is not { } model)
            return $"{name} cannot be converted: {Figures.Operators(analysis.Findings.Length, "problem")}.";
        int all = model.Graph.Nodes.Length, cpu = model.CpuOperatorCount;
        return cpu == 0 ? $"{name}: all {all} operators run on the NPU ({model.TargetSummary.Accelerator})."
            : $"{name}: {cpu} of {all} operators run on the CPU ({model.TargetSummary.Accelerator}).";
    }

    private static string DescribeAll(int count, int failed, List<ModelAnalysis> analyses)
    {
        int whole = analyses.Count(analysis => analysis.Model is { CpuOperatorCount: 0 });
        int refused = analyses.Count(analysis => analysis.Model is null);
        string rest = (refused, failed) switch
        {
            (0, 0) => "",
            (_, 0) => $", {refused} cannot be converted",
            _ => $", {refused} cannot be converted, {failed} could not be checked",
        };
        return count == 0 ? "There is no model in the workspace."
            : $"{Figures.Operators(count, "model")}: {whole} run on the NPU entirely, {analyses.Count - whole - refused} in part{rest}.";
    }
}

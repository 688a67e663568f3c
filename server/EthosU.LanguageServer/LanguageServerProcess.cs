using EthosU.LanguageServer.Analysis;
using EthosU.LanguageServer.Features;
using EthosU.LanguageServer.Hosting;
using EthosU.Pipeline.Checking;
using StreamJsonRpc;

namespace EthosU.LanguageServer;

/// <summary>One server for one editor, over two streams.</summary>
internal static class LanguageServerProcess
{
    /// <summary>Serves until the editor says <c>exit</c> or goes away; returns the process's exit code.</summary>
    /// <param name="input">What the editor says.</param>
    /// <param name="output">What it is told.</param>
    /// <param name="log">The log.</param>
    /// <param name="check">How a model is read and placed; null for <see cref="CheckJob.Check"/>.</param>
    public static async Task<int> RunAsync(Stream input, Stream output, ServerLog log,
        Func<CheckOptions, CancellationToken, CheckedModel>? check = null)
    {
        using LspConnection connection = new(input, output, log, [ViewJson.Default]);
        Client client = new(connection);
        Workspace workspace = new();
        using Analyzer analyzer = new(workspace, check ?? CheckJob.Check);
        LastResults results = new();
        using JobRunner jobs = new(client);
        using WorkspaceModels models = new(workspace);
        using DiagnosticsPublisher publisher = new(client);
        using DiagnosticsFeature diagnostics = new(client, workspace, models, analyzer, publisher, log);
        using AccuracyMeasurement accuracy = new(client, diagnostics, results, log);
        FindingViews views = new(workspace, models);
        Lifecycle lifecycle = new(connection, client, workspace, diagnostics.CheckWorkspace);
        JsonRpcTargetOptions targets =
            new() { AllowNonPublicInvocation = false, DisposeOnDisconnect = false, NotifyClientOfEvents = false };
        object[] features =
        [
            lifecycle,
            new TextSynchronization(workspace, diagnostics.TextChanged, diagnostics.Recheck),
            diagnostics,
            jobs,
            new JobFeature(analyzer, diagnostics, jobs, results, accuracy),
            new CheckFeature(models, diagnostics, jobs, client),
            new ListingFeature(analyzer),
            new GraphFeature(analyzer, views, results),
            new ReportFeature(analyzer, views, results),
            new TargetsFeature(workspace),
            new CodeLensFeature(workspace, models, analyzer, results),
            new CodeActionFeature(workspace),
            new HoverFeature(analyzer, models, diagnostics, results),
        ];
        foreach (object feature in features)
            connection.AddLocalRpcTarget(feature, targets);
        connection.Disconnected += (_, gone) =>
        {
            if (gone.Exception is { } exception)
                log.Error("connection", exception.Message);
            lifecycle.Disconnected();
        };
        connection.StartListening();
        log.Info("server", "ready");
        return await lifecycle.Exit.ConfigureAwait(false);
    }
}

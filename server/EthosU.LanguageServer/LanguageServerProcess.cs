using EthosU.LanguageServer.Analysis;
using EthosU.LanguageServer.Features;
using EthosU.LanguageServer.Hosting;
using StreamJsonRpc;

namespace EthosU.LanguageServer;

/// <summary>One server for one editor, over two streams.</summary>
internal static class LanguageServerProcess
{
    /// <summary>Serves until the editor says <c>exit</c> or goes away; returns the process's exit code.</summary>
    public static async Task<int> RunAsync(Stream input, Stream output, ServerLog log)
    {
        using LspConnection connection = new(input, output, log, [ViewJson.Default]);
        Client client = new(connection);
        Workspace workspace = new();
        using Analyzer analyzer = new(workspace);
        LastResults results = new();
        using JobRunner jobs = new(client);
        using DiagnosticsFeature diagnostics = new(client, workspace, analyzer, log);
        using AccuracyMeasurement accuracy = new(client, diagnostics, results, log);
        Lifecycle lifecycle = new(connection, client, workspace, diagnostics.CheckWorkspace);
        JsonRpcTargetOptions targets = new() { AllowNonPublicInvocation = false, DisposeOnDisconnect = false, NotifyClientOfEvents = false };
        object[] features =
        [
            lifecycle,
            new TextSynchronization(workspace, diagnostics.TextChanged, diagnostics.Recheck),
            diagnostics,
            jobs,
            new JobFeature(analyzer, diagnostics, jobs, results, accuracy),
            new CheckFeature(diagnostics, client),
            new ListingFeature(analyzer),
            new GraphFeature(workspace, analyzer, diagnostics, results),
            new ReportFeature(workspace, analyzer, results),
            new TargetsFeature(workspace),
            new CodeLensFeature(workspace, analyzer, results),
            new HoverFeature(analyzer, diagnostics, results),
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

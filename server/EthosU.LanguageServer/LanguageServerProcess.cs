using EthosU.LanguageServer.Hosting;
using StreamJsonRpc;

namespace EthosU.LanguageServer;

/// <summary>One server for one editor, over two streams.</summary>
internal static class LanguageServerProcess
{
    /// <summary>Serves until the editor says <c>exit</c> or goes away; returns the process's exit code.</summary>
    public static async Task<int> RunAsync(Stream input, Stream output, ServerLog log)
    {
        using LspConnection connection = new(input, output, log, []);
        Client client = new(connection);
        Workspace workspace = new();
        Lifecycle lifecycle = new(connection, client, workspace, static () => { });
        JsonRpcTargetOptions targets = new() { AllowNonPublicInvocation = false, DisposeOnDisconnect = false, NotifyClientOfEvents = false };
        connection.AddLocalRpcTarget(lifecycle, targets);
        connection.AddLocalRpcTarget(new TextSynchronization(workspace, static _ => { }, static () => { }), targets);
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

using System.Reflection;
using System.Text.Json;
using EthosU.LanguageServer.Protocol;
using StreamJsonRpc;

namespace EthosU.LanguageServer.Hosting;

/// <summary>initialize, shutdown and exit.</summary>
/// <param name="connection">The connection.</param>
/// <param name="client">The editor.</param>
/// <param name="workspace">What is open.</param>
/// <param name="started">Called when the editor is ready for what the server has to say.</param>
internal sealed class Lifecycle(LspConnection connection, Client client, Workspace workspace, Action started)
{
    private readonly TaskCompletionSource<int> exit = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends with the process's exit code: 0 after shutdown and exit, 1 after exit alone.</summary>
    public Task<int> Exit => exit.Task;

    [JsonRpcMethod("initialize", UseSingleObjectParameterDeserialization = true)]
    public InitializeResult Initialize(InitializeParams parameters)
    {
        client.Capabilities = parameters.Capabilities ?? new();
        workspace.SetFolders(parameters.WorkspaceFolders?.OfType<WorkspaceFolder>().Select(folder => folder.Uri)
            ?? (parameters.RootUri is { } root ? [root] : []));
        workspace.Configure(parameters.InitializationOptions is { ValueKind: JsonValueKind.Object } options
            && options.TryGetProperty("settings", out JsonElement settings) ? settings : null);
        workspace.RulesFolder = parameters.InitializationOptions is { ValueKind: JsonValueKind.Object } given
            && given.TryGetProperty("rulesFolder", out JsonElement folder)
            && folder.ValueKind == JsonValueKind.String ? folder.GetString() : null;
        workspace.IsTrusted = parameters.InitializationOptions is not { ValueKind: JsonValueKind.Object } trust
            || !trust.TryGetProperty("trusted", out JsonElement trusted) || trusted.ValueKind != JsonValueKind.False;
        connection.Phase = Phase.Running;
        string version = typeof(Lifecycle).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
            .Split('+')[0] ?? "";
        return new(new ServerCapabilities(new(OpenClose: true, Change: 1), new(ResolveProvider: false), HoverProvider: true,
            new(["quickfix"]),
            new(new(Supported: true, ChangeNotifications: true))), new("Ethos-U Bridge", version));
    }

    [JsonRpcMethod("initialized")]
    public void Initialized() => started();

    /// <summary>The user trusts the workspace now; what was refused before is looked at again.</summary>
    [JsonRpcMethod("ethosu/trusted")]
    public void Trusted()
    {
        workspace.IsTrusted = true;
        started();
    }

    [JsonRpcMethod("shutdown")]
    public object? Shutdown()
    {
        connection.Phase = Phase.ShutDown;
        return null;
    }

    [JsonRpcMethod("exit")]
    public void DoExit() => exit.TrySetResult(connection.Phase == Phase.ShutDown ? 0 : 1);

    /// <summary>Called when the editor is gone without a word.</summary>
    public void Disconnected() => exit.TrySetResult(connection.Phase == Phase.ShutDown ? 0 : 1);
}

using EthosU.LanguageServer.Protocol;
using StreamJsonRpc;

namespace EthosU.LanguageServer.Hosting;

/// <summary>Keeps the workspace's texts, folders and settings as they are in the editor.</summary>
/// <param name="workspace">What is kept.</param>
/// <param name="changed">Called with the URI of a text that was opened or changed.</param>
/// <param name="reconfigured">Called when settings or folders changed.</param>
internal sealed class TextSynchronization(Workspace workspace, Action<string> changed, Action reconfigured)
{
    [JsonRpcMethod("textDocument/didOpen", UseSingleObjectParameterDeserialization = true)]
    public void DidOpen(DidOpenTextDocumentParams parameters)
    {
        workspace.Open(parameters.TextDocument.Uri, parameters.TextDocument.LanguageId, parameters.TextDocument.Text);
        changed(parameters.TextDocument.Uri);
    }

    [JsonRpcMethod("textDocument/didChange", UseSingleObjectParameterDeserialization = true)]
    public void DidChange(DidChangeTextDocumentParams parameters)
    {
        if (parameters.ContentChanges is [.., { } last])
            workspace.Change(parameters.TextDocument.Uri, last.Text);
        changed(parameters.TextDocument.Uri);
    }

    [JsonRpcMethod("textDocument/didClose", UseSingleObjectParameterDeserialization = true)]
    public void DidClose(DidCloseTextDocumentParams parameters) => workspace.Close(parameters.TextDocument.Uri);

    [JsonRpcMethod("workspace/didChangeConfiguration", UseSingleObjectParameterDeserialization = true)]
    public void DidChangeConfiguration(DidChangeConfigurationParams parameters)
    {
        workspace.Configure(parameters.Settings);
        reconfigured();
    }

    [JsonRpcMethod("workspace/didChangeWorkspaceFolders", UseSingleObjectParameterDeserialization = true)]
    public void DidChangeFolders(DidChangeWorkspaceFoldersParams parameters)
    {
        workspace.ChangeFolders(parameters.Event.Added.OfType<WorkspaceFolder>().Select(folder => folder.Uri),
            parameters.Event.Removed.OfType<WorkspaceFolder>().Select(folder => folder.Uri));
        reconfigured();
    }
}

using System.Text.Json;
using EthosU.LanguageServer.Hosting;
using EthosU.LanguageServer.Protocol;
using EthosU.LanguageServer.Python;
using EthosU.LanguageServer.Python.Fixes;
using StreamJsonRpc;

namespace EthosU.LanguageServer.Features;

/// <summary>What can be done about a problem in a Python file: edits of the script, an explanation, a comment that it is known.</summary>
internal sealed class CodeActionFeature(Workspace workspace)
{
    private const string QuickFix = "quickfix";

    [JsonRpcMethod("textDocument/codeAction", UseSingleObjectParameterDeserialization = true)]
    public IReadOnlyList<CodeAction> CodeActions(CodeActionParams parameters)
    {
        string uri = parameters.TextDocument.Uri;
        if (workspace.TryGet(uri) is not { } open || DocumentUri.TryToPath(uri) is not { } path
            || !path.EndsWith(".py", StringComparison.Ordinal))
            return [];
        string text = open.Text;
        List<CodeAction> actions = [];
        foreach (Diagnostic problem in parameters.Context.Diagnostics.OfType<Diagnostic>()
            .Where(static problem => problem.Source == "Ethos-U"))
        {
            int line = problem.Range.Start.Line;
            actions.AddRange(ScriptFixes.ForOperators(text, line, OperatorsOf(problem)).Select(fix => Edit(uri, text, fix, problem)));
            if (RulePages.UriOf(workspace, problem.Code) is not null)
                actions.Add(new($"Explain {problem.Code}", QuickFix, [problem],
                    Command: new("Explain", "ethosu.explainRule",
                    [JsonSerializer.SerializeToElement(problem.Code, ProtocolJson.Default.String)])));
            if (EndOfLine(text, line) is { } end)
                actions.Add(Edit(uri, text, new($"Ignore {problem.Code} on this line",
                    [new(end, end, $"  # ethosu: ignore {problem.Code}")]), problem));
        }
        foreach (ExportCall call in ExportCalls.Find(text).Where(call => call.Line >= parameters.Range.Start.Line
            && call.Line <= parameters.Range.End.Line))
            actions.AddRange(ScriptFixes.ForExport(text, call.Line).Select(fix => Edit(uri, text, fix, null)));
        return actions;
    }

    private static HashSet<string> OperatorsOf(Diagnostic problem) => problem.Data is { ValueKind: JsonValueKind.Array } data
        ? [.. data.EnumerateArray().Where(static name => name.ValueKind == JsonValueKind.String).Select(static name => name.GetString()!)]
        : [];

    private static CodeAction Edit(string uri, string text, ScriptFix fix, Diagnostic? problem) => new(fix.Title, QuickFix,
        problem is null ? null : [problem], new(new Dictionary<string, IReadOnlyList<TextEdit>>
        {
            [uri] = [.. fix.Changes.Select(change => new TextEdit(
                new(TextLines.PositionOf(text, change.Start), TextLines.PositionOf(text, change.End)),
                change.Text))],
        }));

    /// <summary>Where a comment can be added to a line; null where it ends inside a text or goes on in the next.</summary>
    private static int? EndOfLine(string text, int line)
    {
        if (TextLines.BoundsOf(text, line) is not { } bounds)
            return null;
        string content = text[bounds.Start..bounds.End].TrimEnd();
        return content.Contains('#', StringComparison.Ordinal) || content.EndsWith('\\')
            || content.Contains("\"\"\"", StringComparison.Ordinal) || content.Contains("'''", StringComparison.Ordinal) ? null
            : bounds.Start + content.Length;
    }
}

using System.Collections.Immutable;
using System.Text.RegularExpressions;
using EthosU.Graphs;
using EthosU.Import;
using EthosU.Onnx.Proto;

namespace EthosU.Onnx;

/// <summary>Reads where a node comes from: names, module paths and Python stacks that exporters leave.</summary>
internal static partial class SourceReader
{
    public static Source Read(NodeProto node)
    {
        string? stack = node.MetadataProps.FirstOrDefault(p => p.Key == "pkg.torch.onnx.stack_trace")?.Value;
        string? scopes = node.MetadataProps.FirstOrDefault(p => p.Key == "pkg.torch.onnx.name_scopes")?.Value;
        return new Source
        {
            NodeName = node.Name.Length > 0 ? node.Name : node.Output.FirstOrDefault(name => name.Length > 0),
            OperatorType = node.OpType,
            Module = ModuleFromScopes(scopes) ?? ModuleFromName(node.Name),
            Frames = stack is not null ? PythonTraceback.Read(stack) : ReadScriptStack(node.DocString),
        };
    }

    /// <summary>Lines <c>file.py(12): function</c>, innermost call first, as the TorchScript exporter records them when verbose.</summary>
    private static ImmutableArray<PythonFrame> ReadScriptStack(string text) =>
        [.. ScriptLine().Matches(text).Select(m => new PythonFrame(
            m.Groups["file"].Value.Trim(), ParseLine(m.Groups["line"].Value), m.Groups["function"].Value.Trim()))];

    private static int ParseLine(string text) => int.TryParse(text, out int line) ? line : 0;

    /// <summary>
    /// The modules in a node's name: <c>/layer1/layer1.0/conv1/Conv</c> is in <c>layer1.0.conv1</c>, since the children of a Sequential
    /// repeat its name.
    /// </summary>
    private static string? ModuleFromName(string name)
    {
        string[] parts = name.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (!name.StartsWith('/') || parts.Length < 2)
            return null;
        string path = parts[0];
        for (int i = 1; i < parts.Length - 1; i++)
            path += parts[i].StartsWith(parts[i - 1] + ".", StringComparison.Ordinal) ? parts[i][parts[i - 1].Length..] : "." + parts[i];
        return path;
    }

    private static string? ModuleFromScopes(string? scopes)
    {
        if (scopes is null)
            return null;
        string[] names = [.. QuotedName().Matches(scopes).Select(m => m.Groups[1].Value).Where(name => name.Length > 0)];
        return names.Length > 1 ? names[^2] : null;
    }

    [GeneratedRegex("""^(?<file>[^\n()]+\.py)\((?<line>\d{1,9})\): (?<function>[^\n]*)$""",
        RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex ScriptLine();

    [GeneratedRegex("""'([^']*)'""", RegexOptions.CultureInvariant)]
    private static partial Regex QuotedName();
}

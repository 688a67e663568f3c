using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Import;

namespace EthosU.Torch.Reading;

/// <summary>Reads where in the Python source, and in which module, a call stands (pt2-format 5).</summary>
internal sealed class SourceReader
{
    // Calls share their stacks and modules with those beside them.
    private readonly Dictionary<string, ImmutableArray<PythonFrame>> stacks = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string?> modules = new(StringComparer.Ordinal);

    /// <summary>Where a call comes from.</summary>
    /// <param name="metadata">What the file says of it; null if it says nothing.</param>
    /// <param name="name">The call's name, or that of its first result.</param>
    /// <param name="target">Its operator.</param>
    public Source Read(JsonNode? metadata, string name, string target) => new()
    {
        NodeName = name,
        OperatorType = target,
        Module = Text(metadata, "nn_module_stack") is { } modulesOf ? Cached(modules, modulesOf, ModuleOf) : null,
        Frames = Text(metadata, "stack_trace") is { } stack ? Cached(stacks, stack, PythonTraceback.Read) : [],
    };

    private static string? Text(JsonNode? metadata, string key) =>
        metadata?.Find(key) is { Element.ValueKind: System.Text.Json.JsonValueKind.String } text ? text.Text() : null;

    private static T Cached<T>(Dictionary<string, T> known, string text, Func<string, T> read) =>
        known.TryGetValue(text, out T? value) ? value : known[text] = read(text);

    /// <summary>The path of the innermost module of <c>KEY,PATH,TYPE;…</c>; null for the network itself.</summary>
    private static string? ModuleOf(string stack)
    {
        string last = stack[(stack.LastIndexOf(';') + 1)..];
        int from = last.IndexOf(','), to = last.LastIndexOf(',');
        if (from < 0 || to <= from)
            return null;
        string path = last[(from + 1)..to];
        if (path.StartsWith("L[", StringComparison.Ordinal)) // torch 2.6: L['self'].layer1.0
            path = path.IndexOf("].", StringComparison.Ordinal) is >= 0 and var end ? path[(end + 2)..] : "";
        return path.Length == 0 || NameLimit.Problem(path) is not null ? null : path;
    }
}

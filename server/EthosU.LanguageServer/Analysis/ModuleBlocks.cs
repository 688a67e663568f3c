using System.Text.RegularExpressions;
using EthosU.Graphs;

namespace EthosU.LanguageServer.Analysis;

/// <summary>The blocks of a network that an operator belongs to, outermost first, as the names that exporters give tell them.</summary>
internal static partial class ModuleBlocks
{
    /// <summary>
    /// The modules around a node: <c>/features/features.1/conv/Conv</c> is in <c>features</c>, in it <c>1</c>, in it <c>conv</c>. Names of
    /// other forms than a path have none.
    /// </summary>
    /// <param name="name">The node's name, or that of its result.</param>
    /// <param name="source">Where it comes from.</param>
    public static string[] Of(string name, Source source)
    {
        string? path = source.NodeName is { } node && node.Contains('/', StringComparison.Ordinal) ? node : null;
        if (path is null && source.Module?.Split('.', StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } module)
            return module;
        path ??= name;
        if (!path.Contains('/', StringComparison.Ordinal))
            return [];
        string[] parts = path.Split(';')[0].Split('/', StringSplitOptions.RemoveEmptyEntries);
        // What follows the name of an ONNX value was added by the conversion.
        int value = Array.FindIndex(parts, part => ValueName().IsMatch(part));
        int count = value >= 0 ? value : parts.Length - 1;
        List<string> blocks = [];
        string before = "";
        foreach (string part in parts.Take(count))
        {
            // PyTorch names the children of a sequence after it: features, then features.1.
            blocks.Add(before.Length > 0 && part.StartsWith(before + ".", StringComparison.Ordinal) ? part[(before.Length + 1)..] : part);
            before = part;
        }
        return [.. blocks];
    }

    [GeneratedRegex(@"_output_\d+$", RegexOptions.CultureInvariant)]
    private static partial Regex ValueName();
}

using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace EthosU.Torch.Reading;

/// <summary>
/// Names of the leaves of nested tuples, lists, dictionaries and named tuples, as the user writes them: <c>boxes.0</c> (pt2-format 4).
/// </summary>
internal sealed class TreePaths
{
    private const int LongestPath = 1024, MostLeaves = 10_000;
    private readonly JsonNode? fields;
    private readonly List<string> paths = [];

    private TreePaths(JsonNode? fields) => this.fields = fields;

    /// <summary>The leaves' paths in a result, in order; a bare leaf has an empty one.</summary>
    /// <param name="specification">The text that describes the structure.</param>
    /// <param name="fields">Names of the fields of named tuples.</param>
    public static ImmutableArray<string> OfResult(JsonNode specification, JsonNode? fields)
    {
        using JsonDocument document = Parse(specification);
        TreePaths paths = new(fields);
        paths.Add(Root(document, specification), "");
        return [.. paths.paths];
    }

    /// <summary>
    /// The leaves' paths in arguments, in order; they begin with the argument's name. Keyword arguments follow the others.
    /// </summary>
    /// <param name="specification">The text that describes the structure.</param>
    /// <param name="fields">Names of the fields of named tuples.</param>
    /// <param name="arguments">Names of the arguments given; empty if the file does not say.</param>
    /// <returns>Paths; null where a positional argument has no name.</returns>
    public static ImmutableArray<string?> OfArguments(JsonNode specification, JsonNode? fields, ImmutableArray<string> arguments)
    {
        using JsonDocument document = Parse(specification);
        JsonNode[] groups = [.. Children(Root(document, specification))];
        if (groups.Length != 2)
            throw specification.Wrong("a tuple of positional and keyword arguments");
        List<string?> all = [];
        int index = 0;
        TreePaths keywords = new(fields);
        foreach (JsonNode child in Children(groups[0]))
        {
            TreePaths paths = new(fields);
            string? name = index < arguments.Length ? arguments[index] : null;
            paths.Add(child, name ?? "");
            all.AddRange(name is null ? paths.paths.Select(static _ => (string?)null) : paths.paths);
            index++;
        }
        keywords.Add(groups[1], "");
        return [.. all, .. keywords.paths];
    }

    private void Add(JsonNode node, string path)
    {
        if (path.Length > LongestPath || paths.Count >= MostLeaves)
            throw node.Source.Problem("the structure of its inputs or outputs is larger than that of any network");
        if (node.Find("type") is null)
        {
            paths.Add(path);
            return;
        }
        JsonNode[] children = [.. Children(node)];
        ImmutableArray<string> names = NamesOf(node, children.Length);
        for (int i = 0; i < children.Length; i++)
            Add(children[i], path.Length > 0 ? $"{path}.{names[i]}" : names[i]);
    }

    /// <summary>The fields of a named tuple, the keys of a dictionary, or numbers.</summary>
    private ImmutableArray<string> NamesOf(JsonNode node, int count)
    {
        if (node.Find("context") is { } context && context.Element.ValueKind == JsonValueKind.String)
        {
            string text = context.Text();
            if (fields?.Find(text)?.Find("field_names") is { } known
                && known.Items().Select(static name => name.Identifier()).ToArray() is var named && named.Length == count)
                return [.. named];
            if (text.StartsWith('[') && Keys(text, node.Source, count) is { } keys)
                return keys;
        }
        return [.. Enumerable.Range(0, count).Select(static i => i.ToString(System.Globalization.CultureInfo.InvariantCulture))];
    }

    /// <summary>A list of keys, or the one that stands in a list of what describes a type.</summary>
    private static ImmutableArray<string>? Keys(string text, JsonSource source, int count)
    {
        using JsonDocument document = JsonText.Parse(Encoding.UTF8.GetBytes(text), source);
        foreach (JsonElement list in document.RootElement.EnumerateArray().Where(static item => item.ValueKind == JsonValueKind.Array)
            .Prepend(document.RootElement))
            if (list.GetArrayLength() == count
                && list.EnumerateArray().All(static key => key.ValueKind is JsonValueKind.String or JsonValueKind.Number))
                return [.. list.EnumerateArray().Select(key => key.ValueKind == JsonValueKind.Number
                    ? key.GetRawText() : new JsonNode(key, "key", source).Identifier())];
        return null;
    }

    private static JsonDocument Parse(JsonNode specification) =>
        JsonText.Parse(Encoding.UTF8.GetBytes(specification.Text()), specification.Source);

    private static JsonNode Root(JsonDocument document, JsonNode specification) =>
        new JsonNode(document.RootElement, specification.Name, specification.Source).Items().ElementAtOrDefault(1) is
            { Source: not null } root ? root : throw specification.Wrong("a list of version and structure");

    private static IEnumerable<JsonNode> Children(JsonNode node) => node["children_spec"].Items();
}

using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EthosU.Fuzz.Mutants;

/// <summary>Changes a JSON text value by value.</summary>
internal static class JsonMutator
{
    private static readonly string[] Raw =
        ["\"\\ud800\"", "\"\\u0000\"", "1e999", "-0", "0.1", "null", "true", "[]", "{}", "[[[[]]]]", "9223372036854775808", "\"\"",
        "\"/dev/zero\"", "-1", "2147483648", "1e-400"];
    private static readonly JsonNodeOptions Nodes = new() { PropertyNameCaseInsensitive = false };
    private static readonly JsonDocumentOptions Lenient =
        new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = 64 };

    /// <summary>A changed copy.</summary>
    public static byte[] Mutate(byte[] text, Random random)
    {
        JsonNode? root;
        try
        {
            root = JsonNode.Parse(text, Nodes, Lenient);
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            return text;
        }
        for (int changes = random.Next(1, 4); changes > 0 && root is not null; changes--)
            Change(root, random);
        string written = root?.ToJsonString() ?? "null";
        // What no JSON library writes: halves of characters, numbers out of range.
        return Encoding.UTF8
            .GetBytes(written.Replace("\"@raw", "", StringComparison.Ordinal).Replace("raw@\"", "", StringComparison.Ordinal)
            .Replace("\\u0022", "\"", StringComparison.Ordinal).Replace("\\\\", "\\", StringComparison.Ordinal));
    }

    private static void Change(JsonNode root, Random random)
    {
        List<JsonNode> containers = [];
        Collect(root, containers);
        JsonNode parent = containers[random.Next(containers.Count)];
        JsonNode? value = JsonValue.Create(random.Next(3) == 0 ? Interesting.Text(random) : $"@raw{Raw[random.Next(Raw.Length)]}raw@");
        if (parent is JsonObject fields)
        {
            string[] names = [.. fields.Select(static field => field.Key)];
            string name = names.Length > 0 && random.Next(5) > 0 ? names[random.Next(names.Length)] : Interesting.Text(random);
            if (random.Next(6) == 0)
                fields.Remove(name);
            else
                fields[name] = value;
        }
        else if (parent is JsonArray list)
        {
            if (list.Count > 0 && random.Next(2) == 0)
                list[random.Next(list.Count)] = value;
            else
                list.Add(value);
        }
    }

    private static void Collect(JsonNode? node, List<JsonNode> containers)
    {
        if (node is not (JsonObject or JsonArray))
            return;
        containers.Add(node);
        IEnumerable<JsonNode?> inner = node is JsonObject fields ? fields.Select(static field => field.Value) : (JsonArray)node;
        foreach (JsonNode? child in inner.ToArray())
            Collect(child, containers);
    }
}

using System.Text.Json;
using EthosU.Graphs;

namespace EthosU.Torch.Reading;

/// <summary>A value of a JSON text that must be what is asked for; what is not says so with its name.</summary>
/// <param name="Element">The value.</param>
/// <param name="Name">The name of the field that it is.</param>
/// <param name="Source">Where the text is from.</param>
internal readonly record struct JsonNode(JsonElement Element, string Name, JsonSource Source)
{
    /// <summary>True for null.</summary>
    public bool IsNull => Element.ValueKind == JsonValueKind.Null;

    /// <summary>True for an object.</summary>
    public bool IsObject => Element.ValueKind == JsonValueKind.Object;

    /// <summary>A field that must be there.</summary>
    public JsonNode this[string name] => Find(name) ?? throw Source.Problem($"'{Name}' has no field '{name}'");

    /// <summary>A field; null if it is missing or is null.</summary>
    public JsonNode? Find(string name)
    {
        if (!IsObject)
            throw Wrong("an object");
        return Element.TryGetProperty(name, out JsonElement found) && found.ValueKind != JsonValueKind.Null
            ? new(found, name, Source) : null;
    }

    /// <summary>The fields of an object.</summary>
    public IEnumerable<JsonNode> Fields()
    {
        if (!IsObject)
            throw Wrong("an object");
        JsonSource source = Source;
        return Element.EnumerateObject().Select(field => new JsonNode(field.Value, NameOf(field, source), source));
    }

    /// <summary>The only field of an object.</summary>
    public JsonNode Single()
    {
        if (!IsObject || Element.GetPropertyCount() != 1)
            throw Wrong("an object with one field");
        return Fields().First();
    }

    /// <summary>The values of a list.</summary>
    public IEnumerable<JsonNode> Items()
    {
        if (Element.ValueKind != JsonValueKind.Array)
            throw Wrong("a list");
        (string name, JsonSource source) = (Name, Source);
        return Element.EnumerateArray().Select(item => new JsonNode(item, name, source));
    }

    /// <summary>A text.</summary>
    public string Text()
    {
        if (Element.ValueKind != JsonValueKind.String)
            throw Wrong("a text");
        try
        {
            return Element.GetString()!;
        }
        catch (InvalidOperationException e)
        {
            throw Source.Problem($"'{Name}' is no text that can be read", e);
        }
    }

    /// <summary>A name, of bounded length.</summary>
    public string Identifier()
    {
        string text = Text();
        return NameLimit.Problem(text) is { } problem ? throw Source.Problem($"'{NameLimit.Shorten(text)}': {problem}") : text;
    }

    /// <summary>An integer.</summary>
    public long Integer() => Element.ValueKind == JsonValueKind.Number && Element.TryGetInt64(out long value) ? value
        : throw Wrong("an integer of 64 bits");

    /// <summary>A real number; infinities and NaN are texts.</summary>
    public double Real() => Element.ValueKind switch
    {
        JsonValueKind.Number when Element.TryGetDouble(out double value) && double.IsFinite(value) => value,
        JsonValueKind.String => Text() switch
        {
            "Infinity" => double.PositiveInfinity,
            "-Infinity" => double.NegativeInfinity,
            "NaN" => double.NaN,
            _ => throw Wrong("a number"),
        },
        _ => throw Wrong("a number"),
    };

    /// <summary>A truth value.</summary>
    public bool Truth() => Element.ValueKind is JsonValueKind.True or JsonValueKind.False ? Element.GetBoolean()
        : throw Wrong("true or false");

    /// <summary>What is wrong with it.</summary>
    public ModelFormatException Wrong(string expected) => Source.Problem($"'{Name}' is not what is expected: {expected}");

    private static string NameOf(JsonProperty field, JsonSource source)
    {
        try
        {
            return field.Name;
        }
        catch (InvalidOperationException e)
        {
            throw source.Problem("the name of a field is no text that can be read", e);
        }
    }
}

using System.Collections.Immutable;
using System.Globalization;
using EthosU.Graphs;

namespace EthosU.Npy;

/// <summary>The Python literal in an array's header: a dictionary of strings, booleans and tuples of integers.</summary>
internal sealed class PythonDictionary
{
    private readonly string name;
    private readonly string text;
    private readonly Dictionary<string, object> values = [];
    private int at;

    private PythonDictionary(string text, string name)
    {
        this.text = text;
        this.name = name;
    }

    /// <summary>Reads the literal; <paramref name="name"/> is the file's name for messages.</summary>
    public static PythonDictionary Parse(string text, string name)
    {
        PythonDictionary dictionary = new(text, name);
        dictionary.Parse();
        return dictionary;
    }

    public string String(string key) => Value<string>(key, "text");

    public bool Boolean(string key) => Value<bool>(key, "True or False");

    public ImmutableArray<long> Tuple(string key) => Value<ImmutableArray<long>>(key, "a tuple of integers");

    private T Value<T>(string key, string expected) =>
        values.TryGetValue(key, out object? value) && value is T typed ? typed : throw Error($"'{key}' should be {expected}");

    private void Parse()
    {
        Expect('{');
        while (!TryTake('}'))
        {
            string key = Quoted();
            Expect(':');
            values[key] = Literal();
            if (!TryTake(','))
            {
                Expect('}');
                break;
            }
        }
        if (Peek() != '\0')
            throw Error("nothing was expected behind the dictionary");
    }

    private object Literal() => Peek() switch
    {
        '\'' or '"' => Quoted(),
        '(' => Numbers(),
        '[' => throw new ModelFormatException(name, "header",
            "arrays of records (structured types) cannot be read; save each field as an array of its own"),
        _ when TryTake("True") => true,
        _ when TryTake("False") => false,
        _ => throw Error("text, True, False or a tuple was expected"),
    };

    private ImmutableArray<long> Numbers()
    {
        var numbers = ImmutableArray.CreateBuilder<long>();
        Expect('(');
        while (!TryTake(')'))
        {
            Peek();
            int start = at;
            while (at < text.Length && (char.IsAsciiDigit(text[at]) || text[at] == '-'))
                at++;
            if (!long.TryParse(text.AsSpan(start, at - start), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture,
                out long number))
                throw Error("a number was expected");
            TryTake('L');
            numbers.Add(number);
            if (!TryTake(','))
            {
                Expect(')');
                break;
            }
        }
        return numbers.ToImmutable();
    }

    private string Quoted()
    {
        char quote = Peek();
        int end = quote is '\'' or '"' ? text.IndexOf(quote, at + 1) : -1;
        if (end < 0)
            throw Error("text in quotes was expected");
        string value = text[(at + 1)..end];
        at = end + 1;
        return value;
    }

    private char Peek()
    {
        while (at < text.Length && char.IsWhiteSpace(text[at]))
            at++;
        return at < text.Length ? text[at] : '\0';
    }

    private bool TryTake(char expected)
    {
        bool found = Peek() == expected;
        at += found ? 1 : 0;
        return found;
    }

    private bool TryTake(string expected)
    {
        bool found = string.CompareOrdinal(text, at, expected, 0, expected.Length) == 0;
        at += found ? expected.Length : 0;
        return found;
    }

    private void Expect(char expected)
    {
        if (!TryTake(expected))
            throw Error($"'{expected}' was expected");
    }

    private ModelFormatException Error(string message) => new(name, "header", $"{message} (at character {at})");
}

using System.Globalization;
using EthosU.Torch.Programs;

namespace EthosU.Torch.Import;

/// <summary>Names and defaults of an operator's arguments (pt2-format 8).</summary>
internal sealed class OperatorSignature
{
    private readonly Dictionary<string, Argument?> defaults = new(StringComparer.Ordinal);

    /// <summary>A signature as the specification's table has it: <c>self, dim=-1, *, dtype=None</c>.</summary>
    public OperatorSignature(string text)
    {
        foreach (string part in Parts(text))
        {
            if (part == "*")
                continue;
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            defaults.Add(equals < 0 ? part : part[..equals], equals < 0 ? null : Default(part[(equals + 1)..]));
        }
    }

    /// <summary>The names of the arguments.</summary>
    public IEnumerable<string> Names => defaults.Keys;

    /// <summary>What an argument is where it is left out; null if it must not be.</summary>
    /// <exception cref="ArgumentException">The operator has no such argument.</exception>
    public Argument? DefaultOf(string name) => defaults.TryGetValue(name, out Argument? value) ? value
        : throw new ArgumentException($"the signature has no argument '{name}'", nameof(name));

    /// <summary>True if the operator has an argument of this name.</summary>
    public bool Has(string name) => defaults.ContainsKey(name);

    private static IEnumerable<string> Parts(string text)
    {
        int depth = 0, start = 0;
        for (int i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && (text[i] is '[' or ']'))
                depth += text[i] == '[' ? 1 : -1;
            if (i < text.Length && (text[i] != ',' || depth > 0))
                continue;
            if (text[start..i].Trim() is { Length: > 0 } part)
                yield return part;
            start = i + 1;
        }
    }

    private static Argument Default(string text)
    {
        if (text.StartsWith('['))
            return new Argument.IntegerList([.. Parts(text[1..^1]).Select(part => long.Parse(part, CultureInfo.InvariantCulture))]);
        if (text == "None")
            return new Argument.None();
        if (text is "True" or "False")
            return new Argument.Truth(text == "True");
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long integer))
            return new Argument.Integer(integer);
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double real) ? new Argument.Real(real)
            : new Argument.Text(text);
    }
}

using System.Globalization;
using System.Text;

namespace EthosU.Pipeline.Reports;

/// <summary>
/// Makes text that comes from files harmless to show: a name can hold codes that clear a terminal or start programs, characters that turn
/// the direction of reading round, or half of a surrogate pair, which no encoding has.
/// </summary>
public static class PlainText
{
    /// <summary>The text with every such character written as its code; lines and tabs stay.</summary>
    public static string Of(string text) => Escaped(text, keepLines: true);

    /// <summary>The same on one line.</summary>
    public static string Line(string text) => Escaped(text, keepLines: false);

    /// <summary>True for a character that is not shown as it is.</summary>
    internal static bool IsUnsafe(char character) => char.IsControl(character) || char.IsSurrogate(character)
        || character is >= '\u200E' and <= '\u200F' or >= '\u2028' and <= '\u202E' or >= '\u2066' and <= '\u2069' or '\uFEFF';

    private static string Escaped(string text, bool keepLines)
    {
        if (!text.Any(IsUnsafe))
            return text;
        StringBuilder result = new(text.Length + 16);
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                result.Append(c).Append(text[++i]);
            else if (IsUnsafe(c) && !(keepLines && (c is '\n' or '\t' || (c == '\r' && i + 1 < text.Length && text[i + 1] == '\n'))))
                result.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}");
            else
                result.Append(c);
        }
        return result.ToString();
    }
}

using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;

namespace EthosU.Torch.Reading;

/// <summary>
/// Parses JSON as torch writes it: of bounded depth and count, and with the bare words <c>NaN</c>, <c>Infinity</c> and <c>-Infinity</c>
/// of older versions, which strict JSON has not (pt2-format 3).
/// </summary>
internal static class JsonText
{
    private const int Deepest = 256, MostValues = 6_000_000;
    private static readonly SearchValues<byte> Marks = SearchValues.Create("\",[{-IN"u8);
    private static readonly byte[][] Words = ["-Infinity"u8.ToArray(), "Infinity"u8.ToArray(), "NaN"u8.ToArray()];

    /// <summary>Parses a text; the document must be disposed of after use.</summary>
    /// <exception cref="Graphs.ModelFormatException">It is broken, deeper or larger than that of any network.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> text, JsonSource source)
    {
        if (!Utf8.IsValid(text.Span))
            throw source.Problem("the JSON is broken: it is no UTF-8");
        try
        {
            return JsonDocument.Parse(Strict(text, source), new() { MaxDepth = Deepest, AllowDuplicateProperties = false });
        }
        catch (JsonException e)
        {
            throw source.Problem(e.Message.Contains("depth", StringComparison.Ordinal)
                ? $"the JSON is nested deeper than {Deepest} levels, or broken" : $"the JSON is broken in line {e.LineNumber + 1}", e);
        }
    }

    /// <summary>The text with bare words in quotes; the same bytes if it has none.</summary>
    private static ReadOnlyMemory<byte> Strict(ReadOnlyMemory<byte> text, JsonSource source)
    {
        ReadOnlySpan<byte> rest = text.Span;
        List<(int At, int Length)> words = [];
        int position = 0, values = 0;
        while (Next(rest[position..]) is >= 0 and var next)
        {
            position += next;
            switch (rest[position])
            {
                case (byte)'"':
                    position = EndOfString(rest, position + 1);
                    break;
                case (byte)',' or (byte)'[' or (byte)'{':
                    position++;
                    if (++values > MostValues)
                        throw source.Problem($"the JSON has more than {MostValues:N0} values, more than any network needs");
                    break;
                default:
                    int length = WordAt(rest[position..]);
                    if (length > 0)
                        words.Add((position, length));
                    position += Math.Max(1, length);
                    break;
            }
        }
        return words.Count > 0 ? Quoted(rest, words) : text;
    }

    private static int Next(ReadOnlySpan<byte> text) => text.IndexOfAny(Marks);

    private static int EndOfString(ReadOnlySpan<byte> text, int position)
    {
        while (text[position..].IndexOfAny((byte)'"', (byte)'\\') is >= 0 and var next)
        {
            position += next;
            if (text[position] == (byte)'"')
                return position + 1;
            position = Math.Min(position + 2, text.Length);
        }
        return text.Length;
    }

    private static int WordAt(ReadOnlySpan<byte> text)
    {
        foreach (byte[] word in Words)
            if (text.StartsWith(word))
                return word.Length;
        return 0;
    }

    private static ReadOnlyMemory<byte> Quoted(ReadOnlySpan<byte> text, List<(int At, int Length)> words)
    {
        var result = new byte[text.Length + (2 * words.Count)];
        int from = 0, to = 0;
        foreach ((int at, int length) in words)
        {
            text[from..at].CopyTo(result.AsSpan(to));
            to += at - from;
            result[to] = result[to + length + 1] = (byte)'"';
            text.Slice(at, length).CopyTo(result.AsSpan(to + 1));
            (from, to) = (at + length, to + length + 2);
        }
        text[from..].CopyTo(result.AsSpan(to));
        return result;
    }
}

using System.IO.Compression;
using System.Text;

namespace EthosU.Testing;

/// <summary>
/// Damaged copies of zip archives. Changing their bytes alone is mostly seen by checksums; so entries are changed, renamed, left out or
/// doubled and packed anew, texts at the edge of what they say.
/// </summary>
public static class ArchiveMutation
{
    private static readonly string[] Numbers =
        ["0", "-1", "1", "7", "13", "99", "2147483647", "4294967296", "9223372036854775807", "-9223372036854775808", "1e400", "0.5", "null",
            "true", "[]", "{}", "\"x\""];

    private static readonly string[] Words =
        ["as_int", "as_tensor", "as_none", "as_ints", "as_float", "as_sym_int", "as_expr", "name", "dtype", "sizes"];

    /// <summary>A copy with one to three changes.</summary>
    /// <param name="content">The archive.</param>
    /// <param name="random">Decides what is changed.</param>
    /// <param name="changeJson">Another way to change a JSON text, taken half of the time; null for none.</param>
    public static byte[] Of(byte[] content, Random random, Func<byte[], Random, byte[]>? changeJson = null) =>
        random.Next(4) != 0 && Entries(content) is { } entries ? Packed(entries, random, changeJson) : Mutation.Of(content, random);

    /// <summary>The entries of an archive; null for what is none, or is damaged already.</summary>
    private static List<(string Name, byte[] Content)>? Entries(byte[] content)
    {
        List<(string Name, byte[] Content)> entries = [];
        try
        {
            using ZipArchive archive = new(new MemoryStream(content));
            foreach (ZipArchiveEntry entry in archive.Entries)
            {
                using Stream stream = entry.Open();
                using MemoryStream copy = new();
                stream.CopyTo(copy);
                entries.Add((entry.FullName, copy.ToArray()));
            }
            return entries;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private static byte[] Packed(List<(string Name, byte[] Content)> entries, Random random, Func<byte[], Random, byte[]>? changeJson)
    {
        for (int changes = random.Next(1, 4); changes > 0 && entries.Count > 0; changes--)
            Change(entries, random, changeJson);
        using MemoryStream result = new();
        using (ZipArchive archive = new(result, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[] bytes) in entries)
            {
                CompressionLevel level = random.Next(4) == 0 ? CompressionLevel.Fastest : CompressionLevel.NoCompression;
                using Stream stream = archive.CreateEntry(name, level).Open();
                stream.Write(bytes);
            }
        }
        return result.ToArray();
    }

    private static void Change(List<(string Name, byte[] Content)> entries, Random random, Func<byte[], Random, byte[]>? changeJson)
    {
        int at = random.Next(entries.Count);
        (string name, byte[] content) = entries[at];
        bool isText = name.EndsWith(".json", StringComparison.Ordinal);
        switch (random.Next(isText ? 12 : 6))
        {
            case 0:
                entries.RemoveAt(at);
                break;
            case 1:
                entries.Add((name, content));
                break;
            case 2:
                entries[at] = (random.Next(2) == 0 ? $"../{name}" : entries[random.Next(entries.Count)].Name, content);
                break;
            case 3:
                entries[at] = (name, content[..random.Next(content.Length + 1)]);
                break;
            case 4 when name.EndsWith(".pt", StringComparison.Ordinal) && content.Length > 0:
                entries[at] = (name, Of(content, random));
                break;
            case 4 or 5:
                entries[at] = (name, content.Length > 0 ? Mutation.Of(content, random) : [0]);
                break;
            default:
                entries[at] = (name, changeJson is not null && random.Next(2) == 0 ? changeJson(content, random)
                    : Encoding.UTF8.GetBytes(Text(Encoding.UTF8.GetString(content), random)));
                break;
        }
    }

    /// <summary>JSON with a number, a word or a name exchanged, or a part left out or doubled.</summary>
    private static string Text(string text, Random random)
    {
        int from = random.Next(text.Length + 1);
        switch (random.Next(4))
        {
            case 0 when text.IndexOfAny([.. "0123456789"], from) is >= 0 and var digit:
                int end = digit;
                while (end < text.Length && char.IsAsciiDigit(text[end]))
                    end++;
                return text[..digit] + Numbers[random.Next(Numbers.Length)] + text[end..];
            case 1 when text.IndexOf("\"as_", from, StringComparison.Ordinal) is >= 0 and var word:
                int close = text.IndexOf('"', word + 1);
                return close < 0 ? text : $"{text[..(word + 1)]}{Words[random.Next(Words.Length)]}{text[close..]}";
            case 2 when text.IndexOf('{', from) is >= 0 and var open && Matching(text, open) is > 0 and var closed:
                return random.Next(2) == 0 ? text[..open] + "{}" + text[closed..] : text[..closed] + "," + text[open..];
            case 3 when text.IndexOf('"', from) is >= 0 and var quote && text.IndexOf('"', quote + 1) is > 0 and var last:
                return random.Next(2) == 0 ? text[..(quote + 1)] + text[last..] : text[..last] + "é\\u0000x" + text[last..];
            default:
                return text;
        }
    }

    /// <summary>Behind the brace that closes one; -1 if none does.</summary>
    private static int Matching(string text, int open)
    {
        int depth = 0;
        for (int i = open; i < text.Length; i++)
        {
            depth += text[i] == '{' ? 1 : text[i] == '}' ? -1 : 0;
            if (depth == 0)
                return i + 1;
        }
        return -1;
    }
}

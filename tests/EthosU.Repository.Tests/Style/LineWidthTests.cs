using Xunit;

namespace EthosU.Repository.Tests.Style;

/// <summary>No line of code is wider than what two windows side by side show, but for the sake of a text that is not cut.</summary>
public sealed class LineWidthTests
{
    private const int Most = 140;

    private const int LongText = 80;

    [Fact]
    public void No_line_of_code_has_more_than_140_columns()
    {
        string[] wide =
        [
            .. SourceFile.All(".cs", ".ts", ".mjs").Where(static file => !file.Path.Contains("/Generated/", StringComparison.Ordinal))
                .SelectMany(static file => file.Text.Split('\n').Select((line, i) => (line, Place: $"{file.Path}:{i + 1}")))
                .Where(static entry => entry.line.EnumerateRunes().Count() > Most && TextOf(entry.line) < LongText)
                .Select(static entry => entry.Place),
        ];
        Assert.True(wide.Length == 0, string.Join('\n', wide));
    }

    /// <summary>Columns from the first to the last quotation mark of a line.</summary>
    private static int TextOf(string line)
    {
        int first = line.AsSpan().IndexOfAny('"', '`'), last = line.AsSpan().LastIndexOfAny('"', '`');
        return last - first;
    }
}

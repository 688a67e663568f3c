using System.Text.RegularExpressions;

namespace EthosU.LanguageServer.Python;

/// <summary>
/// Finds the calls that export a model: <c>torch.export.save</c>, <c>torch.onnx.export</c>, <c>dynamo_export</c> and <c>export_to</c>.
/// </summary>
internal static partial class ExportCalls
{
    private const int LongestCall = 20_000;

    /// <summary>All export calls of a script, in order.</summary>
    public static IReadOnlyList<ExportCall> Find(string script)
    {
        string code = WithoutComments(script);
        List<ExportCall> calls = [];
        Dictionary<string, string> only = new(StringComparer.Ordinal);
        int line = 0;
        int counted = 0;
        foreach (Match match in CallPattern().Matches(code))
        {
            for (; counted < match.Index; counted++)
                if (code[counted] == '\n')
                    line++;
            int start = match.Index + match.Length;
            string arguments = code[start..EndOfCall(code, start)];
            string extension = match.Value.Contains("save", StringComparison.Ordinal) ? ".pt2" : ".onnx";
            Match? file = Names(arguments, extension).FirstOrDefault();
            string? name = file is null ? only.GetValueOrDefault(extension) : PatternOf(file);
            name ??= only[extension] = OnlyName(code, extension);
            calls.Add(new(line, name.Length > 0 ? name : null));
        }
        return calls;
    }

    /// <summary>The one name of a model that a variable or the default of an option has; empty if there are more.</summary>
    private static string OnlyName(string code, string extension)
    {
        string[] names = [.. Names(code, extension)
            .Where(name => code.AsSpan(code.LastIndexOf('\n', name.Index) + 1)[..(name.Index - code.LastIndexOf('\n', name.Index) - 1)]
                .Contains('=')).Select(PatternOf).Distinct(StringComparer.Ordinal)];
        return names.Length == 1 ? names[0] : "";
    }

    private static IEnumerable<Match> Names(string code, string extension) =>
        ModelName().Matches(code).Where(name => name.Groups[3].Value.EndsWith(extension, StringComparison.Ordinal));

    /// <summary>A name as the script says it; an f-string's values stand for any text.</summary>
    private static string PatternOf(Match name) =>
        name.Groups[1].Length > 0 ? FormattedValue().Replace(name.Groups[3].Value, "*") : name.Groups[3].Value;

    /// <summary>Where the parenthesis that is open at <paramref name="start"/> closes.</summary>
    private static int EndOfCall(string code, int start)
    {
        int open = 1;
        char quote = '\0';
        int end = Math.Min(code.Length, start + LongestCall);
        for (int i = start; i < end; i++)
        {
            char c = code[i];
            if (quote != '\0')
            {
                if (c == '\\')
                    i++;
                else if (c == quote || c == '\n')
                    quote = '\0';
            }
            else if (c is '"' or '\'')
            {
                quote = c;
            }
            else if (c is '(' or '[' or '{')
            {
                open++;
            }
            else if (c is ')' or ']' or '}' && --open == 0)
            {
                return i;
            }
        }
        return end;
    }

    /// <summary>The script with comments blanked and every other character in its place.</summary>
    private static string WithoutComments(string script)
    {
        char[] code = script.ToCharArray();
        string quote = "";
        for (int i = 0; i < code.Length; i++)
        {
            if (quote.Length > 0)
            {
                if (code[i] == '\\')
                    i++;
                else if (string.CompareOrdinal(script, i, quote, 0, quote.Length) == 0)
                    (i, quote) = (i + quote.Length - 1, "");
                else if (code[i] == '\n' && quote.Length == 1)
                    quote = "";
                else if (quote.Length == 3 && code[i] != '\n')
                    code[i] = ' ';
            }
            else if (code[i] is '"' or '\'')
            {
                string triple = new(code[i], 3);
                quote = string.CompareOrdinal(script, i, triple, 0, 3) == 0 ? triple : triple[..1];
                i += quote.Length - 1;
            }
            else if (code[i] == '#')
            {
                for (; i < code.Length && code[i] != '\n'; i++)
                    code[i] = ' ';
            }
        }
        return new(code);
    }

    [GeneratedRegex(
        @"(?<![\w.])(?:(?:\w+\.)*onnx\.(?:export|dynamo_export)|onnx_export|dynamo_export|export_to|(?:torch\.)?export\.save)\s*\("
        + @"|\.(?:export_to|onnx\.export)\s*\(", RegexOptions.CultureInvariant)]
    private static partial Regex CallPattern();

    [GeneratedRegex("""(?<!\w)([fF][rR]?|[rR][fF])?[rRbBuU]?(["'])([^"'\n]+\.(?:onnx|pt2))\2""", RegexOptions.CultureInvariant)]
    private static partial Regex ModelName();

    [GeneratedRegex(@"\{[^{}]*\}", RegexOptions.CultureInvariant)]
    private static partial Regex FormattedValue();
}

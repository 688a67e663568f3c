using System.Text.RegularExpressions;

namespace EthosU.LanguageServer.Python;

/// <summary>A Python file by its lines: what problems on them need to know of it.</summary>
internal sealed partial class PythonScript
{
    private const int MostMoved = 300; // lines
    private readonly string[] lines;

    /// <summary>A script.</summary>
    /// <param name="text">Its text; empty where it cannot be read.</param>
    public PythonScript(string text) => lines = text.Split('\n');

    /// <summary>
    /// The line, from 0, of a text that stood on a line when the model was exported: that line, or the nearest one where it stands now.
    /// </summary>
    /// <returns>Null if it stands nowhere near: the script has changed.</returns>
    public int? LineOf(int recorded, string text)
    {
        string wanted = text.Trim();
        for (int distance = 0; distance <= MostMoved; distance++)
            foreach (int line in (int[])[recorded - distance, recorded + distance])
                if (line >= 0 && line < lines.Length && lines[line].AsSpan().Trim().SequenceEqual(wanted))
                    return line;
        return null;
    }

    /// <summary>How far the code on a line, from 0, is indented.</summary>
    public int IndentationOf(int line) =>
        line >= 0 && line < lines.Length && lines[line].Trim().Length > 0 ? lines[line].Length - lines[line].TrimStart().Length : 0;

    /// <summary>The innermost class around a line, from 0; empty outside of classes.</summary>
    public string ClassAround(int line)
    {
        if (line < 0 || line >= lines.Length)
            return "";
        int indentation = IndentationOf(line);
        for (int i = line; i >= 0; i--)
        {
            if (lines[i].Trim().Length == 0 || IndentationOf(i) >= indentation)
                continue;
            if (ClassStatement().Match(lines[i]) is { Success: true } match)
                return match.Groups[1].Value;
            indentation = IndentationOf(i);
        }
        return "";
    }

    /// <summary>
    /// True if a comment on the line, or alone on the line before it, says that a rule's problems are known: <c># ethosu: ignore</c>, with
    /// the ids of rules or without for all.
    /// </summary>
    public bool Ignores(int line, string rule) => IgnoresOn(line, rule, alone: false) || IgnoresOn(line - 1, rule, alone: true);

    private bool IgnoresOn(int line, string rule, bool alone)
    {
        if (line < 0 || line >= lines.Length || IgnoreComment().Match(lines[line]) is not { Success: true } match
            || (alone && lines[line].AsSpan(0, match.Index).Trim().Length > 0))
            return false;
        string[] rules = match.Groups[1].Value.Split([',', ' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
        return rules.Length == 0 || rules.Contains(rule, StringComparer.Ordinal);
    }

    [GeneratedRegex(@"^\s*class\s+(\w+)", RegexOptions.CultureInvariant)]
    private static partial Regex ClassStatement();

    [GeneratedRegex(@"#\s*ethosu:\s*ignore\b([\w\s,-]*)", RegexOptions.CultureInvariant)]
    private static partial Regex IgnoreComment();
}

using System.Diagnostics;
using EthosU.LanguageServer.Python.Fixes;
using Xunit;

namespace EthosU.LanguageServer.Tests;

/// <summary>
/// Changes of scripts: each of <c>Data/fixes</c> has a line with a problem, and behind it, as comments, what is offered and which lines
/// change by it.
/// </summary>
public sealed class ScriptFixTests
{
    private const string Problem = "# PROBLEM ", Export = "# EXPORT";
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Data", "fixes");

    public static TheoryData<string> Scripts => [.. Directory.EnumerateFiles(Folder, "*.py").Select(Path.GetFileNameWithoutExtension)
        .OfType<string>().Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Scripts))]
    public void Only_what_is_named_changes(string name)
    {
        string[] lines = File.ReadAllLines(Path.Combine(Folder, name + ".py"));
        int end = Array.FindIndex(lines, static line => line.StartsWith("#>", StringComparison.Ordinal)) is var first && first >= 0 ? first
            : lines.Length;
        string script = string.Join('\n', lines[..end]) + "\n";
        string[] expected = [.. lines[end..]];
        List<string> found = [];
        foreach (ScriptFix fix in FixesOf(script, lines))
        {
            string changed = Apply(script, fix);
            found.Add($"#> {fix.Title}");
            string[] before = script.Split('\n'), after = changed.Split('\n');
            int same = before.Zip(after).TakeWhile(static pair => pair.First == pair.Second).Count();
            int tail = before.Skip(same).Reverse().Zip(after.Skip(same).Reverse()).TakeWhile(static pair => pair.First == pair.Second)
                .Count();
            (before, after) = (before[same..^tail], after[same..^tail]);
            HashSet<string> kept = [.. before.Intersect(after)];
            found.AddRange(before.Where(line => !kept.Contains(line)).Select(static line => $"#- {line.Trim()}"));
            found.AddRange(after.Where(line => !kept.Contains(line)).Select(static line => $"#+ {line.Trim()}"));
            Parse(changed);
        }
        Assert.Equal(expected, found);
    }

    private static IReadOnlyList<ScriptFix> FixesOf(string script, string[] lines)
    {
        int export = Array.FindIndex(lines, static line => line.Contains(Export, StringComparison.Ordinal));
        if (export >= 0)
            return ScriptFixes.ForExport(script, export);
        int problem = Array.FindIndex(lines, static line => line.Contains(Problem, StringComparison.Ordinal));
        HashSet<string> operators = [.. lines[problem].Split(Problem)[1].Split(' ')];
        return ScriptFixes.ForOperators(script, problem, operators);
    }

    private static string Apply(string script, ScriptFix fix)
    {
        foreach (TextChange change in fix.Changes.OrderByDescending(static change => change.Start))
            script = script[..change.Start] + change.Text + script[change.End..];
        return script;
    }

    /// <summary>Python itself says whether the script is one still, where there is a Python.</summary>
    private static void Parse(string script)
    {
        using Process? python = TryStart();
        if (python is null)
            return;
        python.StandardInput.Write(script);
        python.StandardInput.Close();
        string problem = python.StandardError.ReadToEnd();
        python.WaitForExit();
        Assert.Equal("", problem);
    }

    private static Process? TryStart()
    {
        try
        {
            return Process.Start(new ProcessStartInfo("python3", ["-c", "import ast, sys; ast.parse(sys.stdin.read())"])
            {
                RedirectStandardInput = true,
                RedirectStandardError = true,
            });
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}

using System.Text.RegularExpressions;

namespace EthosU.Pipeline.Reports;

/// <summary>What the documentation says about a rule: its page in <c>docs/rules</c>, which is a part of the program.</summary>
/// <param name="Summary">What is the case.</param>
/// <param name="Why">The reason.</param>
/// <param name="WhatToDo">The advice, as Markdown with code.</param>
public sealed partial record RulePage(string Summary, string Why, string WhatToDo)
{
    private const string WhyHeading = "\n## Why\n", DoHeading = "\n## What to do\n";

    /// <summary>The page of a rule; null if there is none.</summary>
    public static RulePage? Of(string ruleId)
    {
        using Stream? stream = typeof(RulePage).Assembly.GetManifestResourceStream($"rules/{ruleId}.md");
        if (stream is null)
            return null;
        using StreamReader reader = new(stream);
        // Links between the pages lead nowhere outside of the documentation; the file's name does.
        string text = Link().Replace(reader.ReadToEnd().ReplaceLineEndings("\n"), "$1 (docs/$2)");
        int start = text.IndexOf('\n', StringComparison.Ordinal), why = text.IndexOf(WhyHeading, StringComparison.Ordinal),
            todo = text.IndexOf(DoHeading, StringComparison.Ordinal);
        return start < 0 || why < start || todo < why ? null
            : new(text[start..why].Trim(), text[(why + WhyHeading.Length)..todo].Trim(), text[(todo + DoHeading.Length)..].Trim());
    }

    [GeneratedRegex(@"\[([^\]]+)\]\(\.\./([^)]+)\)")]
    private static partial Regex Link();
}

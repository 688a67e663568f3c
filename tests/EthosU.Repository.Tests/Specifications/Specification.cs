using System.Text.RegularExpressions;

namespace EthosU.Repository.Tests.Specifications;

/// <summary>A document of <c>docs/specs</c>: its name and the numbers of its sections and steps, in its order.</summary>
internal sealed partial record Specification(string Name, IReadOnlyList<string> Sections)
{
    private const string Folder = "docs/specs/", Extension = ".md", Overview = "README";

    /// <summary>True for a file that is one of the documents, or their overview.</summary>
    public static bool IsOne(SourceFile file) => file.Path.StartsWith(Folder, StringComparison.Ordinal);

    /// <summary>The documents.</summary>
    public static IEnumerable<Specification> All() =>
        SourceFile.All(Extension).Where(IsOne).Select(Of).Where(document => document.Name != Overview);

    /// <summary>A document with the sections that its headings number, and the steps that are numbered within them.</summary>
    public static Specification Of(SourceFile file)
    {
        List<string> sections = [];
        string section = "";
        foreach (Match match in Numbered().Matches(file.Text))
            if (match.Groups["heading"].Success)
                sections.Add(section = match.Groups["heading"].Value);
            else
                sections.Add($"{section}.{match.Groups["step"].Value}");
        return new(Path.GetFileNameWithoutExtension(file.Path), sections);
    }

    [GeneratedRegex(@"^#+ (?<heading>\d+(?:\.\d+)*[a-z]?)\.? |^(?<step>\d+)\. ", RegexOptions.Multiline)]
    private static partial Regex Numbered();
}

using System.Text.RegularExpressions;

namespace EthosU.Repository.Tests.Specifications;

/// <summary>Finds citations of sections, in the form that <c>docs/specs/README.md</c> describes, and what is wrong with them.</summary>
/// <param name="documents">What can be cited.</param>
internal sealed partial class Citations(IEnumerable<Specification> documents)
{
    // A space, or the end of a comment's line and the beginning of the next one.
    private const string Gap = @"(?:[ \t]+|[ \t]*\r?\n[ \t]*(?:///?|\*)?[ \t]*)";
    private const string Name = @"(?<![\w/.-])(?<name>(?:npu|tflite|onnx|pt2)(?:-[a-z0-9]+)+)(?![\w-])";
    private const string Number = @"\d+(?:\.\d+)*[a-z]?(?!\w)";

    private readonly Dictionary<string, Specification> documents =
        documents.ToDictionary(document => document.Name, StringComparer.Ordinal);

    /// <summary>Number of sections cited so far.</summary>
    public int Count { get; private set; }

    /// <summary>What is wrong with the citations of a file, each with file and line.</summary>
    public IEnumerable<string> Problems(SourceFile file)
    {
        foreach (Match match in InForm().Matches(file.Text))
            foreach (string problem in Missing(match.Groups["name"].Value,
                match.Groups["number"].Captures.Select(capture => capture.Value)))
                yield return At(file, match, problem);
        foreach (Match match in WithWords().Matches(file.Text))
            yield return At(file, match,
                $"'{match.Value}' is not the form of citations: the document's name and the section's number, such as {Example}");
        foreach (Match match in WithSign().Matches(file.Text))
            foreach (string problem in Specification.IsOne(file)
                ? Missing(Specification.Of(file), match.Groups["number"].Value)
                : [$"'{match.Value}' does not say of which document; write the document's name and the section's number, such as {Example}"])
                yield return At(file, match, problem);
    }

    private string Example => documents.Values.First() is var document ? $"{document.Name} {document.Sections[0]}" : "";

    private IEnumerable<string> Missing(string name, IEnumerable<string> numbers)
    {
        if (documents.TryGetValue(name, out Specification? document))
            return numbers.SelectMany(number => Missing(document, number));
        // Rules have names of the same kind, but no sections.
        return numbers.First().Contains('.', StringComparison.Ordinal) ? [$"there is no document '{name}' in docs/specs"] : [];
    }

    private IEnumerable<string> Missing(Specification document, string number)
    {
        Count++;
        return document.Sections.Contains(number, StringComparer.Ordinal) ? [] : [$"'{document.Name}' has no section '{number}'"];
    }

    private static string At(SourceFile file, Match match, string problem) => $"{file.Path}:{file.LineOf(match.Index)}: {problem}";

    [GeneratedRegex($"{Name}{Gap}(?<number>{Number})(?:(?:,|{Gap}(?:and|to)){Gap}(?<number>{Number}))*")]
    private static partial Regex InForm();

    [GeneratedRegex($@"{Name},?{Gap}(?:[Ss]ections?|[Pp]arts?|[Cc]hapters?)\b|\b[Ss]ections?{Gap}\d[\d.]*")]
    private static partial Regex WithWords();

    [GeneratedRegex($@"§[ \t]*(?<number>{Number})")]
    private static partial Regex WithSign();
}

using Xunit;

namespace EthosU.Repository.Tests.Specifications;

public class CitationTests
{
    /// <summary>Far fewer than there are: a walk that finds less does not find what it should.</summary>
    private const int LeastCitations = 200;

    [Fact]
    public void Each_citation_names_a_section_that_exists()
    {
        Citations citations = new(Specification.All());
        string[] problems = [.. SourceFile.All(".cs", ".ts", ".md").SelectMany(citations.Problems)];
        Assert.True(problems.Length == 0, string.Join('\n', problems));
        Assert.True(citations.Count >= LeastCitations, $"only {citations.Count} citations were found");
    }

    [Fact]
    public void Sections_are_numbered_once_and_each_belongs_to_one_that_exists()
    {
        foreach (Specification document in Specification.All())
        {
            Assert.NotEmpty(document.Sections);
            foreach (string number in document.Sections)
            {
                Assert.True(document.Sections.Count(other => other == number) == 1, $"{document.Name} has the section {number} twice");
                if (number.LastIndexOf('.') is > 0 and var dot)
                    Assert.True(document.Sections.Contains(number[..dot]),
                        $"{document.Name} {number} belongs to no section {number[..dot]}");
            }
        }
    }

    [Fact]
    public void The_overview_lists_each_document()
    {
        string overview = SourceFile.All(".md").Single(file => file.Path == "docs/specs/README.md").Text;
        Assert.All(Specification.All(),
            document => Assert.Contains($"[{document.Name}]({document.Name}.md)", overview, StringComparison.Ordinal));
    }

    // NAME stands for a document's name and WORD for "section", so that these are no citations themselves.
    [Theory]
    [InlineData("// NAME 2.1, then 7", null)]
    [InlineData("// NAME 2, 2.1 and 3.12a", null)]
    [InlineData("// NAME 2 to 2.1.", null)]
    [InlineData("// the whole NAME (4 pages)", null)]
    [InlineData("/// (NAME\n    /// 2.1)", null)]
    [InlineData("/// (NAME\n    /// 2.2)", "x.cs:1: 'npu-sample' has no section '2.2'")]
    [InlineData("\n\n// NAME 2.1 and 9", "x.cs:3: 'npu-sample' has no section '9'")]
    [InlineData("// NAME 2.1 to 2.12", "x.cs:1: 'npu-sample' has no section '2.12'")]
    [InlineData("// NAME 3.12", "x.cs:1: 'npu-sample' has no section '3.12'")]
    [InlineData("// NAME2 2.1", "x.cs:1: there is no document 'npu-sample2' in docs/specs")]
    [InlineData("// NAME, WORD 2.1", "x.cs:1: 'npu-sample, WORD' is not the form of citations")]
    [InlineData("// NAME,\n// WORDs 2 and 3", "x.cs:1: 'npu-sample,\n// WORDs' is not the form of citations")]
    [InlineData("// see WORD 2.1", "x.cs:1: 'WORD 2.1' is not the form of citations")]
    [InlineData("// see \u00A72.1", "x.cs:1: '\u00A72.1' does not say of which document")]
    public void Citations_are_read(string text, string? problem)
    {
        Citations citations = new([new Specification("npu-sample", ["2", "2.1", "3", "3.12a"])]);
        string[] found = [.. citations.Problems(new("x.cs", Filled(text)))];
        if (problem is null)
            Assert.Empty(found);
        else
            Assert.StartsWith(Filled(problem), Assert.Single(found), StringComparison.Ordinal);

        static string Filled(string pattern) =>
            pattern.Replace("NAME", "npu-sample", StringComparison.Ordinal).Replace("WORD", "section", StringComparison.Ordinal);
    }

    [Fact]
    public void A_documents_own_sections_are_cited_with_the_sign()
    {
        Citations citations = new([]);
        SourceFile file = new("docs/specs/npu-sample.md", "# npu-sample\n\n## 2. Two\n\n1. See \u00A72, \u00A72.1 and \u00A72.2.\n");
        Assert.Equal("docs/specs/npu-sample.md:5: 'npu-sample' has no section '2.2'", Assert.Single(citations.Problems(file)));
    }
}

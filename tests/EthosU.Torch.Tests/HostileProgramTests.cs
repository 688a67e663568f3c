using EthosU.Graphs;
using EthosU.Import;
using EthosU.Testing;
using EthosU.Torch.Programs;
using EthosU.Torch.Reading;
using Xunit;

namespace EthosU.Torch.Tests;

/// <summary>Programs that read well but are not sound are described.</summary>
[Collection(TimedCollection.Name)]
public sealed class HostileProgramTests
{
    public static TheoryData<string, string> Files => [.. ExportedCase.In("hostile").Select(static c => (c.File, c.Expect))];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_is_imported_or_refused_as_its_index_says(string file, string expect)
    {
        string path = SharedData.Require("data", "pt2", "hostile", file);
        ExportedProgram? program = Try(() => ProgramReader.Read(path, TestContext.Current.CancellationToken));
        ImportedModel? model = program is null ? null
            : Try(() => ProgramImporter.Import(program, path, cancellation: TestContext.Current.CancellationToken));
        if (expect.StartsWith("refused:", StringComparison.Ordinal))
            Assert.Null(model);
        else if (expect.StartsWith("right", StringComparison.Ordinal) && !expect.Contains("refused", StringComparison.Ordinal))
            Assert.NotNull(model);
    }

    private static T? Try<T>(Func<T> action) where T : class
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is ModelFormatException or UnsupportedModelException or IOException)
        {
            TestContext.Current.TestOutputHelper?.WriteLine(e.Message);
            return null;
        }
    }
}

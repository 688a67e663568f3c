using System.Diagnostics;
using EthosU.Graphs;
using EthosU.Testing;
using EthosU.Torch.Reading;
using Xunit;

namespace EthosU.Torch.Tests.Reading;

/// <summary>Damaged and hostile files are described, quickly and within bounds; nothing in them is run.</summary>
[Collection(TimedCollection.Name)]
public sealed class HostileFileTests
{
    private const long MostBytes = 512 << 20;
    private static readonly TimeSpan MostTime = TimeSpan.FromSeconds(2);

    /// <summary>These are sound files; what is wrong is said by those who know operators.</summary>
    private static readonly HashSet<string> OfOperators =
        ["graph_argument_missing", "graph_argument_unknown", "graph_operator_unknown", "graph_target_python"];

    [Fact]
    public void Hostile_files_end_as_their_index_says()
    {
        IReadOnlyList<IndexedFile> files = IndexedFile.In("hostile");
        Assert.Equal(72, files.Count);
        Assert.All(files, static file =>
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            Stopwatch time = Stopwatch.StartNew();
            Exception? refused = Refusal(file.Path);
            Assert.InRange(time.Elapsed, TimeSpan.Zero, MostTime);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostBytes);
            if (file.Expectation.StartsWith("right", StringComparison.Ordinal))
                Assert.True(refused is null || file.Expectation.Contains("or refused", StringComparison.Ordinal),
                    $"{file.Name}: {refused}");
            else if (!OfOperators.Contains(file.Name) && !file.Expectation.Contains("or right", StringComparison.Ordinal)
                && !file.Expectation.Contains("or read", StringComparison.Ordinal))
                Assert.True(refused is not null, $"{file.Name} must be refused: {file.Expectation}");
        });
        Assert.False(File.Exists("HOSTILE_CODE_RAN"));
    }

    [Theory]
    [InlineData("torchscript_file", "TorchScript")]
    [InlineData("state_dict_file", "torch.save")]
    [InlineData("aotinductor_only", "AOTInductor")]
    public void Other_files_of_torch_are_called_what_they_are(string name, string word)
    {
        var refused = Assert.IsType<UnsupportedModelException>(Refusal(IndexedFile.Of("hostile", name).Path));
        Finding finding = Assert.Single(refused.Findings);
        Assert.Equal("torch-other-file", finding.RuleId);
        Assert.Contains(word, finding.Reason, StringComparison.Ordinal);
        Assert.Contains("torch.export.save", finding.Advice, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { 0x1C, 0, 0, 0, (byte)'E', (byte)'T', (byte)'1', (byte)'2', 0, 0, 0, 0 }, "ExecuTorch")]
    [InlineData(new byte[] { 0x80, 2, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E, 0x80 }, "torch.save")]
    public void Files_that_are_no_archives_are_called_what_they_are(byte[] content, string word)
    {
        using TemporaryFolder folder = new();
        var refused = Assert.IsType<UnsupportedModelException>(Refusal(folder.Write("net.pt2", content)));
        Assert.Contains(word, Assert.Single(refused.Findings).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pickle_all_weights")]
    [InlineData("pickle_flat_state")]
    public void Pickles_name_what_they_would_run(string name) =>
        Assert.Contains("__builtin__.exec, which is never run",
            Refusal(IndexedFile.Of("hostile", name).Path)!.Message, StringComparison.Ordinal);

    /// <summary>Any change of a file is read, or described.</summary>
    [Theory]
    [InlineData("features", "dynamic_batch")]
    [InlineData("features", "odd_storages")]
    [InlineData("torch-2.6", "old_dynamic")]
    [InlineData("torch-2.6", "old_state")]
    public void Damaged_files_are_described(string folder, string name)
    {
        byte[] content = File.ReadAllBytes(IndexedFile.Of(folder, name).Path);
        using TemporaryFolder temporary = new();
        Random random = new(18);
        for (int i = 0; i < 300; i++)
            Refusal(temporary.Write("net.pt2", ArchiveMutation.Of(content, random)));
    }

    /// <summary>What a file is refused by; null if it is read. Other exceptions are faults.</summary>
    private static Exception? Refusal(string path)
    {
        try
        {
            ProgramReader.Read(path, TestContext.Current.CancellationToken);
            return null;
        }
        catch (Exception e) when (e is ModelFormatException or UnsupportedModelException)
        {
            return e;
        }
    }
}

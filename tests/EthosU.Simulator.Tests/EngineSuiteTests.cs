using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using EthosU.Graphs;
using EthosU.Npu.Commands;
using EthosU.Npu.Disassembly;
using EthosU.Npu.Targets;
using EthosU.Testing;
using EthosU.TfLite;
using Xunit;

namespace EthosU.Simulator.Tests;

/// <summary>
/// Every model that Vela has compiled for the Ethos-U85: decoded, executed, compared. What is recorded as not exact gives what its
/// registers say, and <c>Data/engine.json</c> says what that is and why. One sample each, all of them where the full tests are asked for.
/// </summary>
public sealed class EngineSuiteTests(ITestOutputHelper output)
{
    public static TheoryData<string> Archives => [.. EngineSuite.Archives];

    [Theory]
    [MemberData(nameof(Archives))]
    public void Outputs_equal_the_recorded_ones_without_violation(string archive)
    {
        JsonNode index = EngineSuite.Index();
        JsonObject known = Known();
        using TemporaryFolder folder = new();
        bool all = Environment.GetEnvironmentVariable("ETHOSU_FULL_TESTS") == "1";
        StringBuilder problems = new();
        int exact = 0, total = 0;
        foreach ((string name, byte[] content) in EngineSuite.Files(archive))
        {
            total++;
            string? recorded = EngineSuite.Recorded(name, folder.Path);
            Assert.True(recorded is not null, $"nothing is recorded for {name}");
            string result = Result(content, name, recorded, all ? int.MaxValue : 1);
            exact += result.Length == 0 ? 1 : 0;
            JsonNode? exception = known[name] is { } entry
                && entry["archives"]!.AsArray().Any(one => archive.EndsWith((string)one!, StringComparison.Ordinal)) ? entry : null;
            string expected = exception is null ? "" : (string)exception["result"]!;
            if (!result.StartsWith(expected, StringComparison.Ordinal) || (expected.Length == 0 && result.Length > 0))
                problems.AppendLine(CultureInfo.InvariantCulture, $"{name}: {result}; known is '{expected}'");
            if (EngineSuite.Row(index, name, archive) is { } row && !archive.EndsWith("vela52", StringComparison.Ordinal)
                && (bool)row["exact"]! != exception is null)
                problems.AppendLine(CultureInfo.InvariantCulture, $"{name}: the index says exact: {row["exact"]}");
        }
        output.WriteLine($"{exact} of {total} exact");
        Assert.Equal("", problems.ToString());
    }

    [Theory]
    [MemberData(nameof(Archives))]
    public void Files_are_read_whole_and_check_without_being_executed(string archive)
    {
        StringBuilder problems = new();
        JsonObject known = Known();
        foreach ((string name, byte[] content) in EngineSuite.Files(archive))
        {
            Graph graph = TfLiteReader.Read(content, name, out ImmutableArray<Tensor> tensors);
            foreach (Node node in graph.Nodes.Where(EthosUNode.Matches))
            {
                ReadOnlySpan<byte> bytes = EthosUNode.Of(node, name).Payload.Data!.Bytes.Span;
                DriverPayload payload = DriverPayload.Decode(bytes, name);
                Assert.Equal(bytes, payload.Encode());
                Assert.Equal(ProductFamily.U85, Accelerator.Find(payload.Config.AcceleratorName!)!.Family);
                Assert.StartsWith(payload.Config.AcceleratorName, archive, StringComparison.Ordinal);
                int lines = Disassembler.ToText(payload, name).Count(static c => c == '\n');
                Assert.True(lines > payload.Commands.Commands.Length, $"{name}: commands are missing in the disassembly");
            }
            if (known.ContainsKey(name))
                continue;
            foreach ((_, Violation violation) in CompiledModelChecker.Check(graph, tensors, name, TestContext.Current.CancellationToken))
                problems.AppendLine(CultureInfo.InvariantCulture, $"{name}: {violation}");
        }
        Assert.Equal("", problems.ToString());
    }

    /// <summary>What differs from the recorded outputs, and what is violated; empty if nothing.</summary>
    private static string Result(byte[] content, string name, string recorded, int samples)
    {
        try
        {
            CompiledRun run = CompiledRun.Of(content, name, recorded, samples);
            string[] rules = [.. run.Violations.Select(static violation => violation.Rule).Distinct().Order()];
            return run.DifferingBytes == 0 && rules.Length == 0 ? ""
                : $"by up to {run.LargestDifference}{(rules.Length == 0 ? "" : $", {string.Join(", ", rules)}")}";
        }
        catch (ModelFormatException error)
        {
            return error.Message;
        }
    }

    private static JsonObject Known() => JsonNode.Parse(File.ReadAllText(
        Path.Combine(SharedData.RepositoryRoot, "tests", "EthosU.Simulator.Tests", "Data", "engine.json")))!.AsObject();
}

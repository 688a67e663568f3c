using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EthosU.Testing;
using Xunit;

namespace EthosU.Simulator.Tests;

/// <summary>Every model of the operator suite as compiled by Vela: decoded, encoded again, executed, compared.</summary>
public sealed class CompiledOperatorTests(ITestOutputHelper output)
{
    public static TheoryData<string> Archives => [.. CompiledSuite.Archives];

    [Theory]
    [MemberData(nameof(Archives))]
    public void Outputs_equal_the_recorded_ones_but_where_the_compiler_is_known_to_differ(string archive)
    {
        JsonObject known = JsonNode.Parse(File.ReadAllText(SharedData.Require("data", "opsuite", "vela_differs.json")))![archive]!
            .AsObject();
        JsonObject causes = Table("differences.json").AsObject();
        ImmutableArray<(string Model, string[] Rules)> exceptions =
            [.. Table("violations.json").AsArray().Where(row => (string)row!["archive"]! == archive)
            .Select(static row => ((string)row!["model"]!, row["rules"]!.AsArray().Select(static rule => (string)rule!).ToArray()))];
        Dictionary<string, (int Files, int Exact)> counts = [];
        StringBuilder problems = new();
        Dictionary<string, string> operators = Operators();
        IReadOnlyDictionary<string, byte[]> files = CompiledSuite.Operators(archive);
        foreach ((string name, byte[] content) in files)
        {
            if (StreamRoundTrip.Problem(content, name, archive.StartsWith("3.10", StringComparison.Ordinal)) is { } problem)
                problems.AppendLine(CultureInfo.InvariantCulture, $"{name}: {problem}");
            CompiledRun run = CompiledRun.Of(content, name, SharedData.Require("data", "opsuite", $"{name}.npz"));
            (int bytes, int largest) = known[name] is { } difference ? ((int)difference["bytes"]!, (int)difference["largest"]!) : (0, 0);
            if ((run.DifferingBytes, run.LargestDifference) != (bytes, largest))
                problems.AppendLine(CultureInfo.InvariantCulture,
                    $"{name}: {run.DifferingBytes} bytes differ by up to {run.LargestDifference}, known are {bytes} by up to {largest}");
            if (bytes > 0 && !causes.ContainsKey(name))
                problems.AppendLine(CultureInfo.InvariantCulture, $"{name}: no cause is named in differences.json");
            string[] allowed = exceptions.FirstOrDefault(row => row.Model == name).Rules ?? [];
            string[] rules = [.. run.Violations.Select(static violation => violation.Rule).Distinct().Order()];
            if (!rules.SequenceEqual(allowed))
                problems.AppendLine(CultureInfo.InvariantCulture,
                    $"{name}: violations {string.Join("; ", run.Violations)}; known are {string.Join(", ", allowed)}");
            foreach (string op in operators[name].Split('+'))
            {
                (int Files, int Exact) count = counts.GetValueOrDefault(op);
                counts[op] = (count.Files + 1, count.Exact + (run.DifferingBytes == 0 ? 1 : 0));
            }
        }
        foreach ((string op, (int total, int exact)) in counts.OrderBy(static pair => pair.Key, StringComparer.Ordinal))
            output.WriteLine($"{op,-28} {exact,4} of {total,4} exact");
        Assert.Equal("", problems.ToString());
        Assert.Equal(Counts(archive),
            counts.Where(static pair => pair.Value.Files > 0)
                .ToDictionary(static pair => pair.Key, static pair => $"{pair.Value.Exact}/{pair.Value.Files}"));
    }

    private static Dictionary<string, string> Counts(string archive) =>
        JsonSerializer.Deserialize<Dictionary<string, Dictionary<string, string>>>(Text("counts.json"))![archive];

    private static Dictionary<string, string> Operators() =>
        JsonNode.Parse(File.ReadAllText(SharedData.Require("data", "opsuite", "index.json")))!.AsArray()
        .ToDictionary(static row => (string)row!["name"]!,
        static row => string.Join('+', row!["ops"]!.AsArray().Select(static op => (string)op!).Distinct()));

    private static JsonNode Table(string name) => JsonNode.Parse(Text(name))!;

    private static string Text(string name) =>
        File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, "tests", "EthosU.Simulator.Tests", "Data", name));
}

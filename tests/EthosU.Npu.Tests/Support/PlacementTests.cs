using System.Text.Json;
using EthosU.Graphs;
using EthosU.Npu.Support;
using EthosU.Npu.Targets;
using EthosU.Testing;
using EthosU.TfLite;
using Xunit;

namespace EthosU.Npu.Tests.Support;

public class PlacementTests
{
    /// <summary>
    /// The placement of every case of the operator suite is Vela 5.1's, but for the differences listed with their reason.
    /// </summary>
    [Theory]
    [InlineData("ethos-u55-128")]
    [InlineData("ethos-u65-256")]
    public void The_operator_suite_is_placed_as_recorded(string accelerator)
    {
        Target target = TargetCatalog.Standard.Resolve(accelerator);
        Dictionary<string, string[]> differences = Differences();
        var problems = new List<string>();
        using var compiled = JsonDocument.Parse(File.ReadAllBytes(SharedData.Require("data", "opsuite", "compiled.json")));
        foreach (JsonProperty item in compiled.RootElement.GetProperty("cases").EnumerateObject())
        {
            Graph graph = TfLiteReader.Read(SharedData.Require("data", "opsuite", item.Name + ".tflite"));
            SupportReport report = SupportChecker.Check(graph, target);
            string own = Names(graph.Nodes.Where(n => report.Placements[n] == Placement.Cpu).Select(n => n.Operator.Name));
            string? recorded = item.Value.GetProperty($"5.1/{accelerator}").TryGetProperty("operators", out JsonElement operators)
                ? Names(operators.EnumerateArray().Select(o => o.GetString()!).Where(o => o != "ethos-u"))
                : null;
            string? expected = differences.TryGetValue(item.Name, out string[]? difference) ? difference[1] : recorded;
            if (own != expected)
                problems.Add($"{item.Name}: on the CPU are '{own}', expected '{expected}'");
            else if (difference is not null && own == recorded)
                problems.Add($"{item.Name} is listed as a difference but is none");
        }
        Assert.Empty(problems);
        Assert.All(differences.Values, d => Assert.True(d.Length == 3 && d[2].Length > 20));
    }

    [Theory]
    [InlineData("mlperf_tiny_ad_autoencoder_int8")]
    [InlineData("mlperf_tiny_kws_dscnn_int8")]
    [InlineData("mlperf_tiny_resnet8_int8")]
    [InlineData("mobilenet_v2_224_int8")]
    public void Well_known_models_run_on_the_npu(string model)
    {
        Graph graph = TfLiteReader.Read(SharedData.Require("data", "models", model + ".tflite"));
        SupportReport report = SupportChecker.Check(graph, TargetCatalog.Standard.Resolve("ethos-u55-128"));
        Assert.True(report.RunsOnNpuOnly, string.Join("; ", report.Findings));
    }

    private static Dictionary<string, string[]> Differences() =>
        File.ReadLines(Path.Combine(SharedData.RepositoryRoot, "tests", "EthosU.Npu.Tests", "Support", "placement-differences.txt"))
            .Where(line => !line.StartsWith('#'))
            .Select(line => line.Split(';', 3, StringSplitOptions.TrimEntries))
            .ToDictionary(fields => fields[0]);

    private static string Names(IEnumerable<string> names) => string.Join(",", names.Order(StringComparer.Ordinal));
}

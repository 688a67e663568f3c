using System.Globalization;
using System.Text.Json;
using EthosU.Npu;
using EthosU.TfLite;
using EthosU.Testing;
using Xunit;

namespace EthosU.Pipeline.Tests.Compile;

/// <summary>What runs on the NPU is what Vela 5.1 places there; every difference is in a table, with its reason.</summary>
public sealed class PlacementTests
{
    private const string Reference = "5.1/ethos-u55-128";

    [Fact]
    public void Placement_is_the_recorded_one_or_explained()
    {
        using JsonDocument recorded = JsonDocument.Parse(File.ReadAllText(SharedData.Require("data", "opsuite", "compiled.json")));
        Dictionary<string, (int Npu, int Cpu)> table = Differences();
        List<string> unexpected = [];
        foreach (JsonProperty entry in recorded.RootElement.GetProperty("cases").EnumerateObject())
        {
            if (!entry.Value.TryGetProperty(Reference, out JsonElement reference) || reference.TryGetProperty("error", out _)
                || !reference.TryGetProperty("operators", out JsonElement operators))
                continue;
            string[] names = [.. operators.EnumerateArray().Select(name => name.GetString()!)];
            (int Npu, int Cpu) vela = (names.Count(name => name == "ethos-u"), names.Count(name => name != "ethos-u"));
            CompileResult result = NpuCompiler.Compile(
                TfLiteReader.Read(SharedData.Require("data", "opsuite", $"{entry.Name}.tflite")),
                new(CompileCheck.Target("ethos-u55-128", "Shared_Sram")), cancellation: TestContext.Current.CancellationToken);
            (int Npu, int Cpu) ours = (result.NpuOperatorCount, result.Placement.Count(p => p.NpuOperator is null));
            bool listed = table.Remove(entry.Name, out (int Npu, int Cpu) expected);
            if (ours != (listed ? expected : vela))
                unexpected.Add($"{entry.Name}: {ours.Npu} ethos-u and {ours.Cpu} others, {(listed ? expected : vela)} expected");
        }
        Assert.Empty(unexpected);
        Assert.Empty(table.Keys);
    }

    private static Dictionary<string, (int Npu, int Cpu)> Differences()
    {
        Dictionary<string, (int, int)> table = [];
        string path = Path
            .Combine(SharedData.RepositoryRoot, "tests", "EthosU.Pipeline.Tests", "Compile", "Data", "placement-differences.txt");
        foreach (string line in File.ReadLines(path).Where(line => line.Length > 0 && line[0] != '#'))
        {
            string[] parts = line.Split(": ", 3);
            int[] counts = [.. parts[1].Split(", ").Select(count => int.Parse(count, CultureInfo.InvariantCulture))];
            table.Add(parts[0], (counts[0], counts[1]));
        }
        return table;
    }
}

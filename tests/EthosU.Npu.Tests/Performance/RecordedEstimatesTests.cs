using System.Globalization;
using System.Text.Json;
using EthosU.Graphs;
using EthosU.Npu.Architectures;
using EthosU.Npu.Commands;
using EthosU.Npu.Performance;
using EthosU.Npu.Targets;
using EthosU.Testing;
using EthosU.TfLite;
using Xunit;

namespace EthosU.Npu.Tests.Performance;

/// <summary>Estimates of the command streams that Vela made, against the cycles that Vela itself reports for them.</summary>
public class RecordedEstimatesTests
{
    [Fact]
    public void Whole_networks_take_the_reported_cycles()
    {
        using var results = JsonDocument.Parse(File.ReadAllBytes(SharedData.Require("data", "models", "vela", "results.json")));
        var problems = new List<string>();
        foreach (JsonProperty result in results.RootElement.EnumerateObject())
        {
            JsonElement summary = result.Value.GetProperty("summary");
            NetworkEstimate estimate = Estimate(result.Name, summary);
            double total = Number(summary, "cycles_total"), ratio = estimate.TotalCycles / total;
            // Where an operation is done in stripes ("size"), Vela reports it as if it were not, and its copies of weights hide less.
            double tolerance = result.Name.StartsWith("5.1", StringComparison.Ordinal)
                && !result.Name.Contains("-size", StringComparison.Ordinal) ? 0.02 : 0.1;
            if (Math.Abs(ratio - 1) > tolerance)
                problems.Add(string
                    .Create(CultureInfo.InvariantCulture, $"{result.Name}: {estimate.TotalCycles} cycles, {total} reported"));
            if (result.Name.StartsWith("5.1", StringComparison.Ordinal) && estimate.Macs != Number(summary, "nn_macs"))
                problems.Add($"{result.Name}: {estimate.Macs} multiply-accumulates");
        }
        Assert.Empty(problems);
    }

    [Fact]
    public void A_network_that_fits_is_estimated_to_the_cycle()
    {
        using var results = JsonDocument.Parse(File.ReadAllBytes(SharedData.Require("data", "models", "vela", "results.json")));
        const string name = "5.1/ethos-u55-128/mobilenet_v2_224_int8";
        JsonElement summary = results.RootElement.GetProperty(name).GetProperty("summary");
        NetworkEstimate estimate = Estimate(name, summary);
        Assert.Equal(Number(summary, "cycles_total"), estimate.TotalCycles);
        Assert.Equal(Number(summary, "cycles_npu"), estimate.NpuCycles);
        Assert.Equal(Number(summary, "cycles_sram_access"), estimate.AccessCycles(MemoryKind.Sram));
        Assert.Equal(Number(summary, "inference_time"), estimate.Seconds, 1e-9);
        Assert.InRange(estimate.Utilisation, 0.25, 0.35);
        MemoryTraffic sram = estimate.Traffic(MemoryKind.Sram);
        Assert.Equal(Number(summary, "sram_feature_map_read_bytes"), sram.FeatureMapRead, 0.05 * sram.FeatureMapRead);
        Assert.Equal(Number(summary, "sram_feature_map_write_bytes"), sram.FeatureMapWritten, 0.05 * sram.FeatureMapWritten);
        Assert.Equal(sram.Total / estimate.Seconds, estimate.BytesPerSecond(MemoryKind.Sram), 1e-3);
    }

    private static NetworkEstimate Estimate(string name, JsonElement summary)
    {
        string[] parts = name.Split('/');
        Target target = TargetCatalog.Standard.Resolve(
            parts[1].Replace("-size", "", StringComparison.Ordinal), summary.GetProperty("system_config").GetString(),
            summary.GetProperty("memory_mode").GetString());
        NpuArchitecture architecture = NpuArchitecture.Of(target.Accelerator);
        string path = SharedData.Require("data", "models", "vela", parts[0], parts[1], parts[2] + ".tflite");
        Graph graph = TfLiteReader.Read(path);
        var operations = graph.Nodes.Where(EthosUNode.Matches)
            .SelectMany(n => architecture.Commands
            .Read(DriverPayload.Decode(EthosUNode.Of(n, path).Payload.Data!.Bytes.Span, path).Commands, path));
        return new NetworkEstimator(target, architecture.Cycles, parts[0] == "5.1" ? CycleModel.Vela5 : CycleModel.Vela3)
            .Estimate(StreamProfiles.Of(operations, target, architecture.Blocks));
    }

    private static double Number(JsonElement summary, string name) =>
        double.Parse(summary.GetProperty(name).GetString()!, CultureInfo.InvariantCulture);
}

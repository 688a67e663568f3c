using EthosU.Graphs;
using EthosU.Interpreter;
using EthosU.Npu;
using EthosU.Npu.Commands;
using EthosU.Pipeline.Checking;
using EthosU.Pipeline.Compiling;
using EthosU.Testing;
using EthosU.TfLite;
using Xunit;

namespace EthosU.Pipeline.Tests.Compile;

/// <summary>What build scripts for Vela ask for beside a compiled model.</summary>
public sealed class VelaOptionTests
{
    private static readonly EthosU.Npu.Targets.Target U55 = CompileCheck.Target("ethos-u55-128", "Shared_Sram");

    /// <summary>Tensors of the processor lie at multiples, also beside those of the NPU, and the bytes stay.</summary>
    [Theory]
    [InlineData(16)]
    [InlineData(64)]
    [InlineData(512)]
    public void Tensors_that_the_processor_sees_are_aligned_as_asked(int alignment)
    {
        int unaligned = 0, seen = 0;
        for (int seed = 0; seed < 12; seed++)
        {
            Graph graph = RandomGraph.Make(seed, 12);
            if (graph.Outputs.IsEmpty)
                continue;
            string[] onCpu = [.. graph.Nodes.Where((_, i) => i % 4 == 3).Select(static node => node.Name)];
            CompileCheck check = CompileCheck.AgainstInterpreter(graph,
                new(U55) { CpuTensorAlignment = alignment, KeepOnCpu = onCpu }, CompileCheck.Noise(graph, 1, seed));
            Assert.Equal(0, check.DifferingBytes);
            Assert.Empty(check.Violations);
            OfflineMemoryPlan plan = OfflineMemoryPlan.Of(check.Compiled, "random")!;
            foreach (int offset in plan.Offsets.Where(static offset => offset > 0))
            {
                Assert.Equal(0, offset % alignment);
                seen++;
                unaligned += offset % 64 == 0 ? 0 : 1;
            }
        }
        Assert.True(seen > 20, $"only {seen} tensors");
        Assert.Equal(alignment == 16, unaligned > 0);
    }

    [Fact]
    public void Zero_points_of_weights_are_forced_to_0_and_told()
    {
        Graph graph = Convolution(zeroPoint: 3);
        CompileCheck asIs = CompileCheck.AgainstInterpreter(graph, new(U55), CompileCheck.Noise(graph, 2, 1));
        Assert.Equal(0, asIs.Result.NpuOperatorCount);
        (Graph forced, var findings) = SymmetricWeights.Force(graph);
        Assert.Equal("compile-symmetric-weights", Assert.Single(findings).RuleId);
        CompileCheck check = CompileCheck.AgainstInterpreter(forced, new(U55), CompileCheck.Noise(graph, 2, 1));
        Assert.Equal(1, check.Result.NpuOperatorCount);
        Assert.Equal(0, check.DifferingBytes);
        Graph symmetric = Convolution(zeroPoint: 0);
        (Graph same, findings) = SymmetricWeights.Force(symmetric);
        Assert.Same(symmetric, same);
        Assert.Empty(findings);
        Assert.Equal(Outputs(symmetric), Outputs(forced));
    }

    [Fact]
    public void The_summary_has_the_documented_columns_and_the_reports_figures()
    {
        Graph graph = TfLiteReader.Read(SharedData.Require("data", "vela52", "models", "simple_network.tflite"));
        CompileResult result = NpuCompiler.Compile(graph, new(U55), cancellation: TestContext.Current.CancellationToken);
        string[] lines = SummaryFile.Text("simple, \"network\"", graph, result).Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.StartsWith("default,\"simple, \"\"network\"\"\",ethos-u55-128,", lines[1], StringComparison.Ordinal);
        string[] names = lines[0].Split(','), values = lines[1].Replace("simple, ", "", StringComparison.Ordinal).Split(',');
        Assert.Equal(names.Length, values.Length);
        Assert.Equal(7 + 4 + 2 + 3 + 2 + 4 + 2 + (4 * 5) + 2 + 6, names.Length);
        Assert.Equal(["experiment", "network", "accelerator_configuration", "system_config", "memory_mode", "core_clock",
            "arena_cache_size", "sram_bandwidth"], names[..8]);
        Dictionary<string, string> row = names.Zip(values).ToDictionary(static pair => pair.First, static pair => pair.Second);
        Assert.Equal($"{result.Estimate.TotalCycles}", row["cycles_total"]);
        Assert.Equal(result.Memory.ArenaBytes / 1024.0, Number("sram_memory_used"));
        Assert.Equal(result.Memory.ReadOnlyBytes / 1024.0, Number("off_chip_flash_memory_used"));
        Assert.Equal("500000000", row["core_clock"]);
        Assert.Equal(1, Number("inference_time") * Number("inferences_per_second"), 9);
        Assert.InRange(Number("off_chip_flash_weight_read_bytes"), 1, double.MaxValue);
        Assert.Equal(names.Where(static name => name.StartsWith("off_chip_flash_", StringComparison.Ordinal)
            && (name.EndsWith("read_bytes", StringComparison.Ordinal) || name.EndsWith("write_bytes", StringComparison.Ordinal)))
            .Sum(Number), Number("off_chip_flash_total_bytes"), 2.0);
        Assert.InRange(Number("total_original_weights"), Number("total_npu_encoded_weights") / 4, Number("total_npu_encoded_weights") * 4);
        double Number(string name) => double.Parse(row[name], System.Globalization.CultureInfo.InvariantCulture);
    }

    [Fact]
    public void The_report_on_operators_lists_rules_with_their_pages()
    {
        string text = SupportedOperatorsJob.Text();
        Assert.Contains("\n## CONV_2D\n", text, StringComparison.Ordinal);
        Assert.Contains("\n- `npu-conv-stride`: ", text, StringComparison.Ordinal);
        Assert.Contains("\n## Every operator\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("TOPK_V2", text, StringComparison.Ordinal);
        Assert.Equal(text.Split("\n## ").Length - 2, text.Split("\n| [").Length - 1);
    }

    private static Graph Convolution(int zeroPoint)
    {
        GraphBuilder builder = new("asymmetric");
        Tensor x = builder.AddInput("x", ElementType.Int8, [1, 6, 6, 8], Quantization.PerTensor(0.05f, -3));
        sbyte[] values = [.. Enumerable.Range(0, 8 * 3 * 3 * 8).Select(static i => (sbyte)((i * 37 % 251) - 125))];
        Tensor weights = builder.AddConstant("w", TensorData.From<sbyte>([8, 3, 3, 8], values), Quantization.PerTensor(0.01f, zeroPoint));
        Tensor bias = builder.AddConstant("b", TensorData.From<int>([8], [.. Enumerable.Range(-4, 8).Select(static i => i * 100)]),
            Quantization.PerTensor(0.0005f, 0));
        Tensor y = new("y", ElementType.Int8, [1, 4, 4, 8], Quantization.PerTensor(0.2f, 5));
        builder.AddNode(new(new Conv2D(Padding.Valid, 1, 1), [x, weights, bias], [y]));
        builder.AddOutput(y);
        return builder.Build();
    }

    private static byte[] Outputs(Graph graph) => [.. new GraphInterpreter(graph).Run(CompileCheck.Noise(graph, 1, 7).First())
        .SelectMany(static output => output.Bytes.ToArray())];
}

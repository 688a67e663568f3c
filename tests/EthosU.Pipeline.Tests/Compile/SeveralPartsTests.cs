using System.Collections.Concurrent;
using EthosU.Graphs;
using EthosU.Npu;
using EthosU.Npu.Commands;
using Xunit;

namespace EthosU.Pipeline.Tests.Compile;

/// <summary>
/// Files in several parts: the processor's operators lie between the NPU's, and all of them hand their tensors to each other in the arena,
/// in place. Each operator that stays on the processor ends a part.
/// </summary>
public sealed class SeveralPartsTests(ITestOutputHelper output)
{
    private static readonly bool Full = Environment.GetEnvironmentVariable("ETHOSU_FULL_TESTS") == "1";

    private static readonly string[] Accelerators = ["ethos-u55-32", "ethos-u55-128", "ethos-u65-256", "ethos-u65-512"];

    [Fact]
    public void Random_networks_in_parts_give_the_interpreters_bytes()
    {
        ConcurrentBag<string> problems = [];
        ConcurrentBag<int> counts = [];
        Parallel.ForEach(Enumerable.Range(0, Full ? 2000 : 160), seed =>
        {
            Graph graph = RandomGraph.Make(seed, 10 + (seed % 25));
            if (graph.Outputs.IsEmpty)
                return;
            string accelerator = Accelerators[seed % Accelerators.Length], mode = CompileCheck.MemoryModes[seed / 5 % 3];
            int every = 2 + (seed % 3);
            CompileOptions options = new(CompileCheck.Target(accelerator, mode, seed % 7 == 0 ? 2048 : null))
            {
                OptimiseFor = (CompileGoal)(seed % 2),
                KeepOnCpu = [.. graph.Nodes.Where((_, i) => i % every == every - 1).Select(static node => node.Name)],
            };
            CompileCheck check = CompileCheck.AgainstInterpreter(graph, options, CompileCheck.Noise(graph, 2, seed));
            counts.Add(check.Compiled.Nodes.Count(EthosUNode.Matches));
            if (check.DifferingBytes > 0 || !check.Violations.IsEmpty)
                problems.Add($"seed {seed} on {accelerator} {mode}: {check.DifferingBytes} bytes differ; "
                    + $"{string.Join("; ", check.Violations.Take(2))}");
        });
        foreach (IGrouping<int, int> group in counts.GroupBy(static count => count).OrderBy(static group => group.Key))
            output.WriteLine($"{group.Count()} of {group.Key} parts");
        Assert.True(problems.IsEmpty, string.Join('\n', problems.Order(StringComparer.Ordinal).Take(10)));
        Assert.Contains(counts, static count => count >= 8);
    }

    /// <summary>
    /// A chain of ten parts whose tensors all have one size, so that the arena's places are used again and again; skips are read parts
    /// later.
    /// </summary>
    [Theory]
    [InlineData("ethos-u55-64", "Shared_Sram", CompileGoal.Performance)]
    [InlineData("ethos-u55-256", "Sram_Only", CompileGoal.Size)]
    [InlineData("ethos-u55-128", "Dedicated_Sram", CompileGoal.Performance)]
    [InlineData("ethos-u65-256", "Dedicated_Sram", CompileGoal.Size)]
    [InlineData("ethos-u65-512", "Shared_Sram", CompileGoal.Performance)]
    public void Ten_parts_with_skips(string accelerator, string mode, CompileGoal goal)
    {
        Quantization quantization = Quantization.PerTensor(0.05f, 3);
        GraphBuilder builder = new("parts");
        Tensor input = builder.AddInput("x", ElementType.Int8, [1, 6, 5, 16], quantization), value = input, early = input;
        for (int part = 0; part < 10; part++)
        {
            Tensor sum = Add(new Binary(BinaryKind.Add), value, early), copy = Add(new LeakyRelu(0.2f), sum);
            Tensor kept = Add(new Unary(UnaryKind.Elu), copy);
            (early, value) = (part % 3 == 0 ? sum : early, kept);
            if (part == 4)
                builder.AddOutput(sum);
        }
        builder.AddOutput(value);
        Graph graph = builder.Build();
        CompileOptions options = new(CompileCheck.Target(accelerator, mode))
        {
            OptimiseFor = goal,
            KeepOnCpu = [.. graph.Nodes.Where(static node => node.Operator is Unary).Select(static node => node.Name)],
        };
        CompileCheck check = CompileCheck.AgainstInterpreter(graph, options, CompileCheck.Extremes(graph, 3, seed: 1));
        Assert.Equal(10, check.Compiled.Nodes.Count(EthosUNode.Matches));
        Assert.Equal(0, check.DifferingBytes);
        Assert.Empty(check.Violations);

        Tensor Add(Operator op, params Tensor[] inputs)
        {
            Tensor result = new($"{op.Name}{inputs[0].Name}", ElementType.Int8, input.Shape, quantization);
            builder.AddNode(new(op, [.. inputs], [result], new Source { NodeName = result.Name }));
            return result;
        }
    }
}

using System.Collections.Concurrent;
using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Interpreter;
using EthosU.Npu;
using EthosU.Simulator;
using EthosU.TfLite;
using Xunit;

namespace EthosU.Pipeline.Tests.Compile;

/// <summary>Random networks: what the compiled model gives in the simulator is what the interpreter gives for the original.</summary>
public sealed class RandomGraphTests(ITestOutputHelper output)
{
    private static readonly bool Full = Environment.GetEnvironmentVariable("ETHOSU_FULL_TESTS") == "1";

    [Fact]
    public void Compiled_random_networks_give_the_interpreters_bytes()
    {
        ConcurrentBag<string> problems = [];
        int only = int.Parse(Environment.GetEnvironmentVariable("ETHOSU_SEED") ?? "-1", System.Globalization.CultureInfo.InvariantCulture);
        Parallel.ForEach(only >= 0 ? [only] : Enumerable.Range(0, Full ? 3000 : 300), seed =>
        {
            try
            {
                if (Check(seed) is { } problem)
                    problems.Add($"seed {seed}: {problem}");
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                problems.Add($"seed {seed}: {e.GetType().Name} {e.Message} {e.StackTrace?.Split('\n').FirstOrDefault(l => l.Contains("EthosU", StringComparison.Ordinal))}");
            }
        });
        foreach (string problem in problems.Order(StringComparer.Ordinal))
            output.WriteLine(problem);
        Assert.Empty(problems.Order(StringComparer.Ordinal).Take(10));
    }

    private string? Check(int seed)
    {
        Graph graph = RandomGraph.Make(seed, 3 + (seed % 14));
        if (graph.Outputs.IsEmpty)
            return null;
        graph.Verify();
        string accelerator = CompileCheck.Accelerators[seed % CompileCheck.Accelerators.Length], mode = CompileCheck.MemoryModes[seed / 7 % 3];
        CompileResult result = NpuCompiler.Compile(graph, new(CompileCheck.Target(accelerator, mode, seed % 11 == 0 ? 2048 : null)));
        if (Environment.GetEnvironmentVariable("ETHOSU_SEED") is not null)
        {
            output.WriteLine(graph.ToString());
            foreach (CompiledOperation operation in result.Operations)
                output.WriteLine(operation.Description);
        }
        Graph compiled = TfLiteReader.Read(TfLiteWriter.Write(result.Graph), "random", out ImmutableArray<Tensor> tensors);
        EthosUOperator npu = new(compiled, tensors, "random");
        GraphInterpreter expected = new(graph), actual = new(compiled, new() { CustomOperator = npu.Run });
        Random random = new(seed);
        TensorData[] inputs =
        [
            .. graph.Inputs.Select(input =>
            {
                var bytes = new byte[input.Type.ByteCount(input.Shape.ElementCount)];
                random.NextBytes(bytes);
                return new TensorData(input.Type, input.Shape, bytes);
            }),
        ];
        TensorData[] wanted = expected.Run(inputs), got = actual.Run(inputs);
        for (int i = 0; i < wanted.Length; i++)
            if (!wanted[i].Bytes.Span.SequenceEqual(got[i].Bytes.Span))
                return $"output '{graph.Outputs[i].Name}' differs on {accelerator} {mode}";
        return npu.Violations.IsEmpty ? null : $"{npu.Violations[0].Violation} on {accelerator} {mode}";
    }
}

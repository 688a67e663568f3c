using System.Collections.Concurrent;
using EthosU.Graphs;
using EthosU.Npu;
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
                problems.Add($"seed {seed}: {e.GetType().Name} {e.Message} "
                    + $"{e.StackTrace?.Split('\n').FirstOrDefault(l => l.Contains("EthosU", StringComparison.Ordinal))}");
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
        string accelerator = CompileCheck.Accelerators[seed % CompileCheck.Accelerators.Length],
            mode = CompileCheck.MemoryModes[seed / 7 % 3];
        CompileCheck check =
            CompileCheck.AgainstInterpreter(graph, CompileCheck.Target(accelerator, mode, seed % 11 == 0 ? 2048 : null), samples: 1, seed);
        if (Environment.GetEnvironmentVariable("ETHOSU_SEED") is not null)
        {
            output.WriteLine(graph.ToString());
            foreach (CompiledOperation operation in check.Result.Operations)
                output.WriteLine(operation.Description);
        }
        return check.DifferingBytes > 0 ? $"{check.DifferingBytes} bytes differ on {accelerator} {mode}"
            : check.Violations.IsEmpty ? null : $"{check.Violations[0]} on {accelerator} {mode}";
    }
}

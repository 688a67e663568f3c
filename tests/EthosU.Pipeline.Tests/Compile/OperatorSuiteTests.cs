using System.Collections.Concurrent;
using EthosU.Testing;
using Xunit;

namespace EthosU.Pipeline.Tests.Compile;

/// <summary>Every model of the operator suite, compiled and simulated: the bytes must be those recorded.</summary>
public sealed class OperatorSuiteTests(ITestOutputHelper output)
{
    private static readonly bool Full = Environment.GetEnvironmentVariable("ETHOSU_FULL_TESTS") == "1";

    [Fact]
    public void Compiled_models_give_recorded_bytes_without_violations()
    {
        string folder = SharedData.Require("data", "opsuite");
        string? filter = Environment.GetEnvironmentVariable("ETHOSU_CASE");
        string[] models =
            [.. Directory.EnumerateFiles(folder, "*.tflite")
            .Where(p => filter is null || Path.GetFileName(p).Contains(filter, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        (string Accelerator, string Mode)[] targets =
            [.. CompileCheck.Accelerators.SelectMany(a => CompileCheck.MemoryModes.Select(m => (a, m)))];
        ConcurrentBag<string> problems = [];
        string? only = Environment.GetEnvironmentVariable("ETHOSU_TARGET");
        IEnumerable<(string Model, string Accelerator, string Mode)> jobs = models.SelectMany((model, i) => only is not null
            ? [(model, only, "Shared_Sram")]
            : Full ? targets.Select(t => (model, t.Accelerator, t.Mode))
            : [(model, targets[i % targets.Length].Accelerator, targets[i % targets.Length].Mode)]);
        Parallel.ForEach(jobs, job =>
        {
            (string model, string accelerator, string mode) = job;
            string name = $"{Path.GetFileNameWithoutExtension(model)} on {accelerator} {mode}";
            try
            {
                CompileCheck check = CompileCheck.Run(model, Path.ChangeExtension(model, "npz"), CompileCheck.Target(accelerator, mode));
                if (check.DifferingBytes > 0)
                    problems.Add($"{name}: {check.DifferingBytes} bytes differ");
                foreach (var violation in check.Violations.Take(3))
                    problems.Add($"{name}: {violation}");
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                problems.Add($"{name}: {e.GetType().Name} {e.Message} "
                    + $"{e.StackTrace?.Split('\n').FirstOrDefault(l => l.Contains("EthosU", StringComparison.Ordinal))}");
            }
        });
        foreach (string problem in problems.Order(StringComparer.Ordinal))
            output.WriteLine(problem);
        Assert.Empty(problems.Order(StringComparer.Ordinal).Take(20));
    }
}

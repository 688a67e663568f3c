using System.Collections.Concurrent;
using EthosU.Graphs;
using EthosU.Interpreter;
using EthosU.Npu;
using EthosU.Testing;
using EthosU.TfLite;
using Xunit;

namespace EthosU.Pipeline.Tests.Compile;

/// <summary>
/// Every file that compile makes of the shared suites and networks, for all targets, memory modes and both goals, passes the simulator's
/// checks and gives the interpreter's bytes. In an ordinary run each file has one of these combinations, and large ones and most of the
/// single operators are left out.
/// </summary>
public sealed class SweepTests(ITestOutputHelper output)
{
    private const long SlowBytes = 320 << 10;

    private static readonly bool Full = Environment.GetEnvironmentVariable("ETHOSU_FULL_TESTS") == "1";

    private static readonly (string Accelerator, string Mode, CompileGoal Goal)[] Combinations =
    [
        .. from accelerator in CompileCheck.Accelerators
           from mode in CompileCheck.MemoryModes
           from goal in Enum.GetValues<CompileGoal>()
           select (accelerator, mode, goal),
    ];

    /// <summary>Folders below the test data, and which share of their files an ordinary run takes.</summary>
    [Theory]
    [InlineData("opsuite", 6)]
    [InlineData("models", 1)]
    [InlineData("wild", 1)]
    [InlineData("peers", 1)]
    [InlineData("ratios", 2)]
    [InlineData("hostile/tflite-different", 1)]
    public void Every_compiled_file_is_right(string folder, int share)
    {
        string[] files =
            [.. Directory.EnumerateFiles(SharedData.Require(["data", .. folder.Split('/')]), "*.tflite").Order(StringComparer.Ordinal)
            .Where((file, i) => Full || (i % share == 0 && new FileInfo(file).Length < SlowBytes))];
        ConcurrentBag<string> problems = [];
        int compiled = 0;
        var jobs = files.SelectMany((file, i) => Full
            ? Combinations.Select(combination => (file, combination))
            : [(file, Combinations[i * 5 % Combinations.Length])]);
        Parallel.ForEach(jobs, job =>
        {
            (string file, (string accelerator, string mode, CompileGoal goal)) = job;
            string name = $"{Path.GetFileNameWithoutExtension(file)} on {accelerator} {mode} {goal}";
            try
            {
                Graph graph = TfLiteReader.Read(file);
                _ = new GraphInterpreter(graph);
                CompileCheck check =
                    CompileCheck.AgainstInterpreter(graph, new(CompileCheck.Target(accelerator, mode)) { OptimiseFor = goal },
                    Samples(graph));
                Interlocked.Increment(ref compiled);
                if (check.DifferingBytes > 0)
                    problems.Add($"{name}: {check.DifferingBytes} bytes differ");
                foreach (var violation in check.Violations.Take(2))
                    problems.Add($"{name}: {violation}");
            }
            catch (UnsupportedModelException)
            {
                // Files of another compiler, unsigned bytes, operators without a kernel: refused with reasons, which other tests look at.
            }
            catch (ModelFormatException) when (folder.StartsWith("hostile", StringComparison.Ordinal))
            {
                // Damaged, and said to be.
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                problems.Add($"{name}: {e.GetType().Name} {e.Message}");
            }
        });
        output.WriteLine($"{compiled} compiled of {files.Length} files");
        foreach (string problem in problems.Order(StringComparer.Ordinal))
            output.WriteLine(problem);
        Assert.Empty(problems);
        Assert.True(compiled > 0);
    }

    /// <summary>Random bytes for integers, small numbers for reals; other inputs (booleans, indices) have their own range.</summary>
    private static IEnumerable<TensorData[]> Samples(Graph graph)
    {
        if (graph.Inputs.All(static input => input.Type is ElementType.Int8 or ElementType.Int16))
            return CompileCheck.Noise(graph, 1, seed: 3);
        Random random = new(3);
        return [[.. graph.Inputs.Select(input => input.Type switch
        {
            ElementType.Float32 => TensorData.From<float>(input.Shape,
                [.. Enumerable.Range(0, (int)input.Shape.ElementCount).Select(_ => (random.NextSingle() * 4) - 2)]),
            ElementType.Int8 or ElementType.Int16 => CompileCheck.Noise(graph, 1, seed: 3).First()[graph.Inputs.IndexOf(input)],
            _ => new TensorData(input.Type, input.Shape, new byte[input.Type.ByteCount(input.Shape.ElementCount)]),
        })]];
    }
}

using System.Collections.Concurrent;
using EthosU.Graphs;
using EthosU.Npu;
using EthosU.Npu.Targets;
using EthosU.Testing;
using EthosU.TfLite;
using Xunit;

namespace EthosU.Pipeline.Tests.Compile;

/// <summary>
/// A limit of the fast memory is a promise: whatever fits is kept to, more memory never costs cycles, less memory never leads to a
/// schedule that takes more; and the bytes are the interpreter's.
/// </summary>
public sealed class LimitTests(ITestOutputHelper output)
{
    private const int Limits = 6;

    private static readonly bool Full = Environment.GetEnvironmentVariable("ETHOSU_FULL_TESTS") == "1";

    private static readonly (string Accelerator, string Mode)[] Targets =
        [("ethos-u55-128", "Shared_Sram"), ("ethos-u55-32", "Shared_Sram"), ("ethos-u65-256", "Dedicated_Sram")];

    public static TheoryData<string, string, string> Networks()
    {
        TheoryData<string, string, string> data = [];
        string[] networks = ["simple_network", "mobilenetv2_cifar", "unet_cifar", "tinyvit_cifar", "conv1d_cifar", "resnet14_cifar"];
        int turn = 0;
        foreach (string network in networks)
            foreach ((string accelerator, string mode) in Targets)
                if (Full || turn++ % 4 == 0)
                    data.Add(network, accelerator, mode);
        return data;
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Every_limit_is_kept_and_more_memory_never_costs_cycles(string network, string accelerator, string mode)
    {
        Graph graph = TfLiteReader.Read(SharedData.Require("data", "vela52", "models", $"{network}.tflite"));
        List<string> problems = [];
        TensorData[][] samples = [.. CompileCheck.Noise(graph, 1, seed: 5)];
        CompileResult smallest = Check(graph, accelerator, mode, null, CompileGoal.Size, samples, problems.Add),
            largest = Check(graph, accelerator, mode, null, CompileGoal.Performance, samples, problems.Add);
        long least = Used(smallest), most = Used(largest);
        if (least > most)
            problems.Add($"the smallest takes {least} bytes, the fastest {most}");
        CompileResult? before = null;
        for (int i = 0; i < Limits; i++)
        {
            long limit = least + ((most - least) * i / (Limits - 1));
            CompileResult result = Check(graph, accelerator, mode, limit, CompileGoal.Performance, samples, problems.Add);
            if (Used(result) > limit)
                problems.Add($"limit {limit}: takes {Used(result)} bytes, although {least} are enough");
            if (before is not null && result.Estimate.TotalCycles > before.Estimate.TotalCycles)
                problems.Add($"limit {limit}: {result.Estimate.TotalCycles} cycles, {before.Estimate.TotalCycles} with less memory");
            if (before is not null && Used(result) < Used(before))
                problems.Add($"limit {limit}: {Used(result)} bytes, {Used(before)} with a smaller limit");
            before = result;
        }
        Assert.Equal([], problems);
    }

    [Theory]
    [InlineData(9)]
    [InlineData(34)]
    public void Random_networks_keep_their_bytes_within_random_limits(int side)
    {
        string? only = Environment.GetEnvironmentVariable("ETHOSU_SEED");
        IEnumerable<int> seeds = only is null ? Enumerable.Range(0, (Full ? 2000 : 100) / 2)
            : [int.Parse(only, System.Globalization.CultureInfo.InvariantCulture)];
        ConcurrentBag<string> problems = [];
        Parallel.ForEach(seeds, seed =>
        {
            Graph graph = RandomGraph.Make(seed, 3 + (seed % 14), side);
            Random random = new(seed);
            string accelerator = CompileCheck.Accelerators[random.Next(CompileCheck.Accelerators.Length)],
                mode = CompileCheck.MemoryModes[random.Next(CompileCheck.MemoryModes.Length)];
            if (graph.Outputs.IsEmpty)
                return;
            TensorData[][] samples = [.. CompileCheck.Noise(graph, 1, seed)];
            void Problem(string what) => problems.Add($"seed {seed}, side {side}, {accelerator}, {mode}: {what}");
            try
            {
                long least = Used(Check(graph, accelerator, mode, null, CompileGoal.Size, samples, Problem)),
                    most = Used(NpuCompiler.Compile(graph, new(CompileCheck.Target(accelerator, mode)),
                    cancellation: TestContext.Current.CancellationToken)),
                    limit = least + (long)(random.NextDouble() * Math.Max(0, most - least));
                long used = Used(Check(graph, accelerator, mode, limit, CompileGoal.Performance, samples, Problem));
                if (used > limit)
                    Problem($"limit {limit}: takes {used} bytes, although {least} are enough");
                if (used < least)
                    Problem($"limit {limit}: takes {used} bytes, which is less than the smallest, {least}");
            }
            catch (Exception e) when (e is not (OperationCanceledException or UnsupportedModelException))
            {
                Problem(e.ToString());
            }
        });
        foreach (string problem in problems.Order(StringComparer.Ordinal))
            output.WriteLine(problem);
        Assert.Empty(problems);
    }

    private CompileResult Check(Graph graph, string accelerator, string mode, long? limit, CompileGoal goal, TensorData[][] samples,
        Action<string> problem)
    {
        Target target = CompileCheck.Target(accelerator, mode, limit);
        CompileCheck check = CompileCheck.AgainstInterpreter(graph, new(target) { OptimiseFor = goal }, samples);
        string what = $"{graph.Name} {accelerator} {goal}, limit {(limit is null ? "none" : $"{limit}")}";
        output.WriteLine($"{what}: {Used(check.Result)} bytes, {check.Result.Estimate.TotalCycles} cycles");
        if (check.DifferingBytes > 0)
            problem($"{what}: {check.DifferingBytes} bytes differ");
        if (!check.Violations.IsEmpty)
            problem($"{what}: {check.Violations.Length} violations, first: {check.Violations[0]}");
        return check.Result;
    }

    /// <summary>Bytes of the memory that the limit is about.</summary>
    private static long Used(CompileResult result) =>
        result.Estimate.Target.IsSpilling ? result.Memory.FastBytes : result.Memory.ArenaBytes;
}

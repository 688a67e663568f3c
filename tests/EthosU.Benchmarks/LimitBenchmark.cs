using System.Collections.Immutable;
using System.Globalization;
using EthosU.Graphs;
using EthosU.Interpreter;
using EthosU.Npu;
using EthosU.Npu.Targets;
using EthosU.Simulator;
using EthosU.Testing;
using EthosU.TfLite;

namespace EthosU.Benchmarks;

/// <summary>
/// Compiles a network for many memory limits and runs each file in the simulator: bytes equal to the interpreter's, no violation, and no
/// more cycles or memory where there is more or less memory.
/// </summary>
internal static class LimitBenchmark
{
    /// <summary>Runs it.</summary>
    /// <param name="output">Where the lines go.</param>
    /// <param name="arguments">Model, target, number of limits.</param>
    public static void Run(TextWriter output, string[] arguments)
    {
        string path = arguments.Length > 0 && File.Exists(arguments[0]) ? arguments[0]
            : Path.Combine(SharedData.Root, "data", "models", (arguments.Length > 0 ? arguments[0] : "mobilenetv2_cifar") + ".tflite");
        string accelerator = arguments.Length > 1 ? arguments[1] : "ethos-u55-128";
        int count = arguments.Length > 2 ? int.Parse(arguments[2], CultureInfo.InvariantCulture) : 10;
        Graph graph = TfLiteReader.Read(path);
        Random random = new(1);
        TensorData[] inputs = [.. graph.Inputs.Select(input =>
        {
            var bytes = new byte[input.Type.ByteCount(input.Shape.ElementCount)];
            random.NextBytes(bytes);
            return new TensorData(input.Type, input.Shape, bytes);
        })];
        TensorData[] expected = new GraphInterpreter(graph).Run(inputs);
        CompileResult largest = Check(output, graph, accelerator, null, CompileGoal.Performance, inputs, expected);
        CompileResult smallest = Check(output, graph, accelerator, null, CompileGoal.Size, inputs, expected);
        bool spilling = TargetCatalog.Standard.Resolve(accelerator).IsSpilling;
        long most = spilling ? largest.Memory.FastBytes : largest.Memory.ArenaBytes,
            least = spilling ? smallest.Memory.FastBytes : smallest.Memory.ArenaBytes;
        long cycles = long.MaxValue;
        for (int i = 0; i <= count; i++)
        {
            long limit = (least + ((most - least) * i / Math.Max(1, count))) / 16 * 16;
            CompileResult result = Check(output, graph, accelerator, limit, CompileGoal.Performance, inputs, expected);
            if (result.Estimate.TotalCycles > cycles)
                output.WriteLine($"  more memory, but {result.Estimate.TotalCycles - cycles} more cycles");
            cycles = result.Estimate.TotalCycles;
        }
    }

    private static CompileResult Check(TextWriter output, Graph graph, string accelerator, long? limit, CompileGoal goal,
        TensorData[] inputs, TensorData[] expected)
    {
        Target target = TargetCatalog.Standard.Resolve(accelerator, null, null, limit);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        CompileResult result = NpuCompiler.Compile(graph, new(target) { OptimiseFor = goal });
        long time = watch.ElapsedMilliseconds;
        Graph compiled = TfLiteReader.Read(TfLiteWriter.Write(result.Graph), graph.Name, out ImmutableArray<Tensor> tensors);
        EthosUOperator npu = new(compiled, tensors, graph.Name);
        TensorData[] actual = new GraphInterpreter(compiled, new() { CustomOperator = npu.Run }).Run(inputs);
        long differing = expected.Zip(actual).Sum(pair =>
            Enumerable.Range(0, pair.First.Bytes.Length).Count(i => pair.First.Bytes.Span[i] != pair.Second.Bytes.Span[i]));
        string[] violations = [.. npu.Violations.Concat(CompiledModelChecker.Check(result.Graph, graph.Name))
            .Select(static pair => pair.Violation.ToString()!)];
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{goal} limit {limit}: SRAM {result.Memory.SramBytes} (arena {result.Memory.ArenaBytes}, fast {result.Memory.FastBytes}), ")
            + string.Create(CultureInfo.InvariantCulture, $"cycles {result.Estimate.TotalCycles}, {time} ms, ")
            + $"{differing} bytes differ, {violations.Length} violations{(limit < result.Memory.SramBytes ? " MISSED" : "")}");
        foreach (string violation in violations.Take(3))
            output.WriteLine("  " + violation);
        return result;
    }
}

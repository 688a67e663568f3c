using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Interpreter;
using EthosU.Npu;
using EthosU.Npu.Targets;
using EthosU.Simulator;
using EthosU.Npy;
using EthosU.TfLite;
using Xunit;

namespace EthosU.Pipeline.Tests.Compile;

/// <summary>A model compiled, written, read, simulated and compared with recorded outputs.</summary>
internal sealed record CompileCheck(CompileResult Result, Graph Compiled, int DifferingBytes, ImmutableArray<Violation> Violations)
{
    public static readonly string[] Accelerators = [.. Accelerator.Compilable.Select(a => a.Name)];

    public static readonly string[] MemoryModes = ["Sram_Only", "Shared_Sram", "Dedicated_Sram"];

    /// <summary>No standard system of an Ethos-U55 has memory that a tensor arena outside the SRAM could lie in; this one has.</summary>
    private const string SystemWithDram = """
        [System_Config.U55_With_Dram]
        core_clock=500e6
        axi0_port=Sram
        axi1_port=Dram
        Sram_clock_scale=1.0
        Sram_burst_length=32
        Sram_read_latency=32
        Sram_write_latency=32
        Dram_clock_scale=0.25
        Dram_burst_length=128
        Dram_read_latency=500
        Dram_write_latency=250
        """;

    public static Target Target(string accelerator, string memoryMode, long? cache = null) =>
        TargetCatalog.Standard.With(SystemWithDram, "dram.ini").Resolve(
        accelerator,
        accelerator.Contains("u65", StringComparison.Ordinal) ? "Ethos_U65_High_End" : memoryMode == "Dedicated_Sram" ? "U55_With_Dram"
            : "Ethos_U55_High_End_Embedded",
        memoryMode, cache);

    /// <summary>Compiles a model and compares it, on random inputs, with what the interpreter gives for the original.</summary>
    public static CompileCheck AgainstInterpreter(Graph graph, Target target, int samples, int seed) =>
        AgainstInterpreter(graph, new(target), Noise(graph, samples, seed));

    /// <summary>Inputs of random bytes.</summary>
    public static IEnumerable<TensorData[]> Noise(Graph graph, int samples, int seed)
    {
        Random random = new(seed);
        return Enumerable.Range(0, samples).Select(_ => graph.Inputs.Select(input =>
        {
            var bytes = new byte[input.Type.ByteCount(input.Shape.ElementCount)];
            random.NextBytes(bytes);
            return new TensorData(input.Type, input.Shape, bytes);
        }).ToArray());
    }

    /// <summary>Inputs of random bytes, and one sample each of which all bytes are equal: 0, 127, -128.</summary>
    public static IEnumerable<TensorData[]> Extremes(Graph graph, int samples, int seed) =>
        Noise(graph, samples, seed).Concat(new byte[] { 0, 127, 128 }.Select(value =>
        graph.Inputs.Select(
        input => new TensorData(input.Type, input.Shape, Enumerable.Repeat(value, (int)input.Type.ByteCount(input.Shape.ElementCount))
            .ToArray())).ToArray()));

    /// <summary>The same with inputs of one's own.</summary>
    public static CompileCheck AgainstInterpreter(Graph graph, CompileOptions options, IEnumerable<TensorData[]> samples)
    {
        CompileResult result = NpuCompiler.Compile(graph, options, cancellation: TestContext.Current.CancellationToken);
        Graph compiled = TfLiteReader.Read(TfLiteWriter.Write(result.Graph), graph.Name, out ImmutableArray<Tensor> tensors);
        EthosUOperator npu = new(compiled, tensors, graph.Name);
        GraphInterpreter original = new(graph), actual = new(compiled, new() { CustomOperator = npu.Run });
        int differing = 0;
        foreach (TensorData[] inputs in samples)
        {
            original.ResetVariables();
            actual.ResetVariables();
            foreach ((TensorData wanted, TensorData got) in original.Run(inputs).Zip(actual.Run(inputs)))
                differing += Differing(wanted.Bytes.Span, got.Bytes.Span);
        }
        return new(result, compiled, differing,
            [.. npu.Violations.Concat(CompiledModelChecker.Check(result.Graph, graph.Name)).Select(pair => pair.Violation)]);
    }

    private static int Differing(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> actual)
    {
        int differing = 0;
        for (int i = 0; i < expected.Length; i++)
            differing += expected[i] == actual[i] ? 0 : 1;
        return differing;
    }

    /// <summary>Runs the samples of an archive of inputs and outputs.</summary>
    public static CompileCheck Run(string model, string npz, Target target, int maxSamples = int.MaxValue,
        CompileGoal goal = CompileGoal.Performance)
    {
        string name = Path.GetFileName(model);
        Graph graph = TfLiteReader.Read(model);
        CompileResult result =
            NpuCompiler.Compile(graph, new(target) { OptimiseFor = goal }, cancellation: TestContext.Current.CancellationToken);
        Graph compiled = TfLiteReader.Read(TfLiteWriter.Write(result.Graph), name, out ImmutableArray<Tensor> tensors);
        compiled.Verify();
        EthosUOperator npu = new(compiled, tensors, name);
        GraphInterpreter interpreter = new(compiled, new() { CustomOperator = npu.Run });
        IReadOnlyDictionary<string, NumpyArray> arrays = NumpyArchive.ReadAll(npz);
        int samples = graph.Inputs.IsEmpty ? 1 : Math.Min(maxSamples, arrays["in0"].RowCount), differing = 0;
        for (int sample = 0; sample < samples; sample++)
        {
            interpreter.ResetVariables();
            TensorData[] outputs =
                interpreter.Run(
                [.. graph.Inputs.Select((input, i) => new TensorData(input.Type, input.Shape, arrays[$"in{i}"].Row(sample)))]);
            for (int i = 0; i < outputs.Length; i++)
                differing += Differing(arrays[$"out{i}"].Row(sample).Span, outputs[i].Bytes.Span);
        }
        return new(result, compiled, differing,
            [.. npu.Violations.Concat(CompiledModelChecker.Check(result.Graph, graph.Name)).Select(pair => pair.Violation)]);
    }
}

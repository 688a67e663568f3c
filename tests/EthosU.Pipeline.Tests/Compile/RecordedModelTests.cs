using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Interpreter;
using EthosU.Npu.Commands;
using EthosU.Npy;
using EthosU.Simulator;
using EthosU.Testing;
using EthosU.TfLite;
using Xunit;

namespace EthosU.Pipeline.Tests.Compile;

/// <summary>Models whose bytes went wrong once: multipliers in double precision, odd parameters, files in several parts.</summary>
public sealed class RecordedModelTests
{
    public static TheoryData<string> Ratios => Models("data", "ratios");

    public static TheoryData<string> Different => Models("data", "hostile", "tflite-different");

    [Theory]
    [MemberData(nameof(Ratios))]
    public void Multipliers_are_formed_in_double_precision(string name)
    {
        string model = SharedData.Require("data", "ratios", name), npz = Path.ChangeExtension(model, "npz");
        Graph graph = TfLiteReader.Read(model);
        Assert.Equal(0, Differing(new GraphInterpreter(graph), graph, npz));
        foreach (string accelerator in (string[])["ethos-u55-128", "ethos-u65-512"])
        {
            CompileCheck check = CompileCheck.Run(model, npz, CompileCheck.Target(accelerator, "Shared_Sram"));
            Assert.Equal(0, check.DifferingBytes);
            Assert.Empty(check.Violations);
        }
    }

    [Theory]
    [MemberData(nameof(Different))]
    public void Compiled_models_give_the_interpreters_bytes_over_the_whole_range(string name)
    {
        string path = SharedData.Require("data", "hostile", "tflite-different", name);
        if (name == "QUANTIZE_CONV_2D.tflite")
        {
            Assert.Contains("not sound", Assert.Throws<ModelFormatException>(() => TfLiteReader.Read(path)).Message,
                StringComparison.Ordinal);
            return;
        }
        Graph graph = TfLiteReader.Read(path);
        foreach ((string accelerator, string mode) in ((string, string)[])[("ethos-u55-32", "Sram_Only"), ("ethos-u55-128", "Shared_Sram"),
            ("ethos-u65-512", "Dedicated_Sram")])
        {
            CompileCheck check = CompileCheck.AgainstInterpreter(graph, CompileCheck.Target(accelerator, mode), samples: 4, seed: 7);
            Assert.Equal(0, check.DifferingBytes);
            Assert.Empty(check.Violations);
            Assert.True(check.Result.NpuOperatorCount > 0 || !check.Result.Findings.IsEmpty);
        }
    }

    [Fact]
    public void A_file_of_another_compiler_in_several_parts_gives_the_originals_bytes()
    {
        byte[] content = File.ReadAllBytes(SharedData.Require("data", "wild", "yolov8n_192_vela.tflite"));
        Graph compiled = TfLiteReader.Read(content, "yolov8n", out ImmutableArray<Tensor> tensors);
        Assert.True(compiled.Nodes.Count(EthosUNode.Matches) > 1);
        GraphInterpreter interpreter = new(compiled, new() { CustomOperator = new EthosUOperator(compiled, tensors, "yolov8n").Run });
        Assert.Equal(0, Differing(interpreter, compiled, SharedData.Require("data", "wild", "yolov8n_192_int8.npz")));
    }

    private static int Differing(GraphInterpreter interpreter, Graph graph, string npz)
    {
        IReadOnlyDictionary<string, NumpyArray> arrays = NumpyArchive.ReadAll(npz);
        int differing = 0;
        for (int sample = 0; sample < arrays["in0"].RowCount; sample++)
        {
            interpreter.ResetVariables();
            TensorData[] outputs =
                interpreter.Run(
                [.. graph.Inputs.Select((input, i) => new TensorData(input.Type, input.Shape, arrays[$"in{i}"].Row(sample)))]);
            for (int i = 0; i < outputs.Length; i++)
                differing += outputs[i].Bytes.Span.SequenceEqual(arrays[$"out{i}"].Row(sample).Span) ? 0 : 1;
        }
        return differing;
    }

    private static TheoryData<string> Models(params string[] folder)
    {
        string path = Path.Combine([SharedData.Root, .. folder]);
        return Directory.Exists(path)
            ? [.. Directory.EnumerateFiles(path, "*.tflite").Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)] : [""];
    }
}

using EthosU.Graphs;
using EthosU.Interpreter;
using EthosU.Onnx;
using EthosU.Onnx.Proto;
using EthosU.Pipeline.Converting;
using EthosU.Pipeline.Tests.Compile;
using EthosU.Quantize;
using EthosU.Testing;
using EthosU.TfLite;
using Google.Protobuf;
using Xunit;

namespace EthosU.Pipeline.Tests;

/// <summary>
/// The ONNX project's backend models through the whole chain: what converts to integers also runs in the interpreter, in real runtimes and,
/// compiled, in the simulator with the interpreter's bytes. Whether the converted values are right is tested elsewhere; here nothing may
/// break on the way.
/// </summary>
public sealed class BackendChainTests(ITestOutputHelper output)
{
    private static readonly bool Full = Environment.GetEnvironmentVariable("ETHOSU_FULL_TESTS") == "1";

    private static readonly string[] Places = [
        Environment.GetEnvironmentVariable("ONNX_BACKEND_TEST_DATA") ?? "", "/usr/lib/python3/dist-packages/onnx/backend/test/data",
        "/usr/include/onnx/backend/test/data", "/usr/share/libonnx-testdata/data"];

    private static readonly string[] Accelerators =
        ["ethos-u55-128", "ethos-u65-512", "ethos-u55-32", "ethos-u65-256", "ethos-u55-256", "ethos-u55-64"];

    // What the native library of TensorFlow Lite 2.9 says of operators that are newer than it.
    private static readonly string[] Newer = ["Didn't find op for builtin opcode", "builtin_code out of range"];

    [Theory]
    [InlineData("pytorch-converted", Precision.Int8)]
    [InlineData("pytorch-converted", Precision.Int16x8)]
    [InlineData("pytorch-operator", Precision.Int8)]
    [InlineData("pytorch-operator", Precision.Int16x8)]
    [InlineData("simple", Precision.Int8)]
    [InlineData("node", Precision.Int8)]
    [InlineData("node", Precision.Int16x8)]
    public void WhatConvertsRunsEverywhere(string suite, Precision precision)
    {
        string? root = Places.Select(place => Path.Combine(place, suite)).FirstOrDefault(Directory.Exists);
        Assert.SkipWhen(root is null, "the ONNX backend tests are not installed (Debian package libonnx-testdata)");
        Assert.SkipUnless(Full || (precision == Precision.Int8 && suite != "node"), "slow: npm run test:full");
        TfLiteRuntimes.Require(TfLiteRuntimes.Native);
        TfLiteRuntimes.Require(TfLiteRuntimes.LiteRt);
        using TemporaryFolder folder = new();
        List<string> problems = [];
        int converted = 0, refused = 0, turn = 0;
        foreach (string model in Directory.EnumerateDirectories(root!).Order(StringComparer.Ordinal))
        {
            string frozen = folder.File("model.onnx"), result = folder.File("model.tflite");
            try
            {
                File.WriteAllBytes(frozen, Frozen(model));
                ConvertJob.Run(new() { ModelPath = frozen, OutputPath = result, Quantization =
                    new() { Precision = precision }, Calibration = new() { Samples = 4 } },
                    cancellation: TestContext.Current.CancellationToken);
                converted++;
                if (Problem(result, Accelerators[turn++ % Accelerators.Length]) is { } problem)
                    problems.Add($"{suite}/{Path.GetFileName(model)} | {problem}");
            }
            catch (Exception e) when (e is UnsupportedModelException or ModelFormatException)
            {
                refused++;
            }
            catch (Exception e)
            {
                problems.Add($"{suite}/{Path.GetFileName(model)} | {e}");
            }
        }
        output.WriteLine($"{suite} {precision}: {converted} converted, {refused} refused");
        Assert.True(problems.Count == 0, string.Join('\n', problems));
    }

    private static string? Problem(string path, string accelerator)
    {

        Graph graph = TfLiteReader.Read(path);
        List<string> problems = [];
        TensorData[] inputs = [.. graph.Inputs.Select(static input => Random(input))];
        CompileCheck check = CompileCheck.AgainstInterpreter(graph, new(CompileCheck.Target(accelerator, "Shared_Sram")), [inputs]);
        if (check.DifferingBytes > 0)
            problems.Add($"{check.DifferingBytes} bytes differ on {accelerator}");
        if (check.Violations.Length > 0)
            problems.Add($"{accelerator}: {check.Violations[0]}");
        TensorData[] ours = new GraphInterpreter(graph).Run(inputs);
        // The real runtimes end the process on tensors of more axes than they know, and LiteRT takes no empty ones.
        if (graph.Nodes.SelectMany(static node => node.Outputs)
            .Any(static tensor => tensor.Shape.Rank > 5 || tensor.Shape.ElementCount == 0))
            return problems.Count > 0 ? string.Join("; ", problems) : null;
        bool wide = graph.Tensors.Any(static tensor => tensor.Type == ElementType.Int16); // the native library lacks many kernels for it
        foreach (string name in wide ? new[] { TfLiteRuntimes.LiteRt } : [TfLiteRuntimes.Native, TfLiteRuntimes.LiteRt])
        {
            try
            {
                IReadOnlyList<TensorData> theirs = TfLiteRuntimes.Require(name).Run(path, inputs);
                for (int i = 0; i < ours.Length; i++)
                    if (ours[i].Type != theirs[i].Type || ours[i].Shape != theirs[i].Shape)
                        problems.Add($"{name}: output {i} is {theirs[i].Type}{theirs[i].Shape}, not {ours[i].Type}{ours[i].Shape}");
            }
            catch (TfLiteRuntimeException e)
                when (name != TfLiteRuntimes.Native || !Newer.Any(words => e.Message.Contains(words, StringComparison.Ordinal)))
            {
                problems.Add($"{name}: {e.Message.ReplaceLineEndings(" ")}");
            }
            catch (TfLiteRuntimeException)
            {
                // An operator that it does not know.
            }
        }
        return problems.Count > 0 ? $"{string.Join(", ", graph.Nodes.Select(n => n.Operator.Name))}: {string.Join("; ", problems)}" : null;
    }

    private static TensorData Random(Tensor input)
    {
        var bytes = new byte[input.Type.ByteCount(input.Shape.ElementCount)];
        new Random(7).NextBytes(bytes);
        if (input.Type.IsFloat())
            return TensorData
                .From<float>(input.Shape, [.. Enumerable.Range(0, (int)input.Shape.ElementCount).Select(static i => (i % 17) / 17f)]);
        // Other integers are indices, or so large that products overflow, which the reference leaves undefined.
        if (input.Type is not (ElementType.Int8 or ElementType.Int16 or ElementType.UInt8))
            Array.Clear(bytes);
        return new(input.Type, input.Shape, bytes);
    }

    /// <summary>
    /// The cases pass sizes, axes, indices and weights as inputs; in exported models they are constants. All inputs but the first become
    /// so.
    /// </summary>
    private static byte[] Frozen(string folder)
    {
        ModelProto model = OnnxReader.Parse(Path.Combine(folder, "model.onnx"));
        HashSet<string> constants = [.. model.Graph.Initializer.Select(static i => i.Name)];
        for (int i = model.Graph.Input.Count - 1; i >= 1; i--)
        {
            string data = Path.Combine(folder, "test_data_set_0", $"input_{i}.pb");
            if (!File.Exists(data))
                continue;
            TensorProto value = TensorProto.Parser.ParseFrom(File.ReadAllBytes(data));
            value.Name = model.Graph.Input[i].Name;
            if (constants.Add(value.Name))
                model.Graph.Initializer.Add(value);
            model.Graph.Input.RemoveAt(i);
        }
        return model.ToByteArray();
    }
}

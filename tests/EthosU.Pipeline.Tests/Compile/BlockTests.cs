using EthosU.Graphs;
using EthosU.Onnx.Tests;
using EthosU.Pipeline.Accuracy;
using EthosU.Pipeline.Converting;
using EthosU.Testing;
using EthosU.TfLite;
using Google.Protobuf;
using Xunit;

namespace EthosU.Pipeline.Tests.Compile;

/// <summary>
/// Blocks between two convolutions, as PyTorch exports them, from ONNX to the simulated NPU: nothing is left to the processor, bytes are
/// the interpreter's, and 8 bits do not lose much.
/// </summary>
public sealed class BlockTests : IDisposable
{
    private const int Channels = 12;
    private const double LeastSqnr = 24, LeastOfSteps = 14; // dB; what jumps loses more near the jump

    private static readonly string[] Steps =
        ["Sign", "Floor", "Ceil", "Round", "Where of a threshold", "ThresholdedRelu", "Shrink"];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private static Dictionary<string, Action<TestModel>> Blocks { get; } = new()
    {
        ["Exp"] = static m => m.Node("Exp", "x", "y"),
        ["Log"] = static m => m.Node("Abs", "x", "a").Node("Add", "a one", "b").Node("Log", "b", "y"),
        ["Sqrt"] = static m => m.Node("Abs", "x", "a").Node("Sqrt", "a", "y"),
        ["Reciprocal"] = static m => m.Node("Abs", "x", "a").Node("Add", "a one", "b").Node("Reciprocal", "b", "y"),
        ["Elu"] = static m => m.Node("Elu", "x", "y", ("alpha", 0.7f)),
        ["Selu"] = static m => m.Node("Selu", "x", "y"),
        ["Celu"] = static m => m.Node("Celu", "x", "y", ("alpha", 0.6f)),
        ["Softplus"] = static m => m.Node("Softplus", "x", "y"),
        ["Softsign"] = static m => m.Node("Softsign", "x", "y"),
        ["Mish"] = static m => m.Node("Softplus", "x", "a").Node("Tanh", "a", "b").Node("Mul", "x b", "y"),
        ["Swish"] = static m => m.Node("Sigmoid", "x", "a").Node("Mul", "x a", "y"),
        ["LogSigmoid"] = static m => m.Node("Sigmoid", "x", "a").Node("Log", "a", "y"),
        ["Tanhshrink"] = static m => m.Node("Tanh", "x", "a").Node("Sub", "x a", "y"),
        ["Erf"] = static m => m.Node("Erf", "x", "y"),
        ["Sin"] = static m => m.Node("Sin", "x", "y"),
        ["Cos"] = static m => m.Node("Cos", "x", "y"),
        ["Pow"] = static m => m.Node("Abs", "x", "a").Node("Pow", "a third", "y"),
        ["Square"] = static m => m.Node("Mul", "x x", "y"),
        ["Neg"] = static m => m.Node("Neg", "x", "y"),
        ["Sign"] = static m => m.Node("Sign", "x", "y"),
        ["Floor"] = static m => m.Node("Floor", "x", "y"),
        ["Ceil"] = static m => m.Node("Ceil", "x", "y"),
        ["Round"] = static m => m.Node("Round", "x", "y"),
        ["HardSigmoid"] = static m => m.Node("HardSigmoid", "x", "y"),
        ["ThresholdedRelu"] = static m => m.Node("ThresholdedRelu", "x", "y", ("alpha", 0.4f)),
        ["Shrink"] = static m => m.Node("Shrink", "x", "y", ("lambd", 0.4f), ("bias", 0.1f)),
        ["Sinh"] = static m => m.Node("Sinh", "x", "y"),
        ["Cosh"] = static m => m.Node("Cosh", "x", "y"),
        ["Atan"] = static m => m.Node("Atan", "x", "y"),
        ["Asinh"] = static m => m.Node("Asinh", "x", "y"),
        ["Where of a threshold"] = static m => m.Node("Greater", "x third", "c").Node("Where", "c x zero", "y"),
        ["mean over channels"] = static m => m.Node("ReduceMean", "x c_axis", "a", ("keepdims", 1)).Node("Add", "x a", "y"),
        ["maximum over channels"] = static m => m.Node("ReduceMax", "x c_axis", "a", ("keepdims", 1)).Node("Add", "x a", "y"),
        ["sum of squares"] = static m => m.Node("ReduceSumSquare", "x c_axis", "a", ("keepdims", 1)).Node("Add", "x a", "y"),
        ["L1 norm"] = static m => m.Node("ReduceL1", "x c_axis", "a", ("keepdims", 1)).Node("Mul", "x a", "y"),
        ["standard deviation"] = static m => m.Node("ReduceMean", "x hw", "a", ("keepdims", 1)).Node("Sub", "x a", "d")
            .Node("Mul", "d d", "s").Node("ReduceMean", "s hw", "v", ("keepdims", 1)).Node("Sqrt", "v", "r").Node("Add", "x r", "y"),
        ["unit length"] = static m => m.Node("ReduceL2", "x c_axis", "n", ("keepdims", 1)).Node("Clip", "n tiny -", "m")
            .Node("Shape", "x", "size").Node("Expand", "m size", "e").Node("Div", "x e", "y"),
        ["quotient of sums"] = static m => m.Node("Relu", "x", "p").Node("ReduceSum", "p hw", "s", ("keepdims", 1))
            .Node("Add", "s one", "t").Node("Div", "x t", "y"),
        ["softmax by hand"] = static m => m.Node("Exp", "x", "e").Node("ReduceSum", "e c_axis", "s", ("keepdims", 1))
            .Node("Div", "e s", "y"),
        ["layer normalization over channels"] = static m => m.Node("Transpose", "x", "t", ("perm", new long[] { 0, 2, 3, 1 }))
            .Node("LayerNormalization", "t scale shift", "u", ("axis", -1))
            .Node("Transpose", "u", "y", ("perm", new long[] { 0, 3, 1, 2 })),
        ["instance normalization"] = static m => m.Node("InstanceNormalization", "x scale shift", "y"),
    };

    public static TheoryData<string> Names => [.. Blocks.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_block_runs_on_the_NPU_alone(string name)
    {
        TestModel model = new(18);
        model.Input("in", 1, Channels, 9, 7).Weights("w1", Channels, Channels, 1, 1).Weights("w2", Channels, Channels, 1, 1)
            .Floats("one", [], 1).Floats("third", [], 0.3f).Floats("zero", [], 0).Floats("tiny", [], 1e-12f)
            .Integers("c_axis", 1).Integers("hw", 2, 3)
            .Floats("scale", [Channels], [.. Enumerable.Range(0, Channels).Select(static i => 0.8f + (0.03f * i))])
            .Floats("shift", [Channels], [.. Enumerable.Range(0, Channels).Select(static i => 0.02f * i)])
            .Node("Conv", "in w1", "x");
        Blocks[name](model);
        model.Node("Conv", "y w2", "out").Output("out");
        string onnx = folder.Write("model.onnx", model.Proto.ToByteArray()), file = folder.File("model.tflite");
        ConvertJob.Run(new() { ModelPath = onnx, OutputPath = file }, null, TestContext.Current.CancellationToken);
        Graph graph = TfLiteReader.Read(file);
        foreach (string accelerator in (string[])["ethos-u55-128", "ethos-u65-256"])
        {
            CompileCheck check = CompileCheck.AgainstInterpreter(graph,
                CompileCheck.Target(accelerator, "Shared_Sram"), samples: 2, seed: 1);
            Assert.True(check.DifferingBytes == 0, $"{check.DifferingBytes} bytes differ on {accelerator}");
            Assert.Empty(check.Violations.Take(3));
            string[] left = [.. check.Result.Placement.Where(static node => node.NpuOperator is null).Select(static node => node.Operator)];
            Assert.True(left.Length == 0, $"on the CPU: {string.Join(", ", left)}");
        }
        double sqnr = AccuracyJob.Run(new() { ModelPath = onnx, QuantizedPath = file, Data = new() }, null,
            TestContext.Current.CancellationToken).OutputSqnr;
        Assert.True(sqnr > (Steps.Contains(name) ? LeastOfSteps : LeastSqnr), $"{sqnr:F1} dB");
    }
}

using EthosU.Graphs;
using EthosU.Import;
using EthosU.Interpreter;
using Xunit;

namespace EthosU.Onnx.Tests;

/// <summary>Scales of models trained quantization-aware survive the import.</summary>
public sealed class QuantizedModelTests
{
    /// <summary>Input → Q → DQ → Conv with per-channel int8 weights behind a DQ → Relu → Q → DQ.</summary>
    private static TestModel Qdq() => new TestModel(13).Input("x", 1, 2, 4, 4)
        .Floats("xs", [], 0.02f).Bytes("xz", 2, [], 114).Bytes("w", 3, [3, 2, 1, 1], -127, 64, 3, 100, 5, 127)
        .Floats("ws", [3], 0.01f, 0.02f, 0.04f).Bytes("wz", 3, [3], 0, 0, 0)
        .Floats("ys", [], 0.05f).Bytes("yz", 3, [], -128).Weights("bias", 3)
        .Node("QuantizeLinear", "x xs xz", "xq").Node("DequantizeLinear", "xq xs xz", "xd")
        .Node("DequantizeLinear", "w ws wz", "wd", ("axis", 0))
        .Node("Conv", "xd wd bias", "conv").Node("Relu", "conv", "relu").Node("QuantizeLinear", "relu ys yz", "yq")
        .Node("DequantizeLinear", "yq ys yz", "y").Output("y");

    [Fact]
    public void ScalesAreKept()
    {
        ImportedModel model = Qdq().Import();
        Assert.Equal(Quantization.PerTensor(0.02f, -14), model.Quantizations["x"]); // 114 of uint8
        Node conv = model.Graph.Nodes.Single(node => node.Operator is Conv2D);
        Assert.Equal(Quantization.PerAxisSymmetric([0.01f, 0.02f, 0.04f], 0), conv.Input(1).Quantization);
        Assert.Equal([3, 1, 1, 2], conv.Input(1).Shape);
        Assert.Equal(-127 * 0.01f, conv.Constant(1).ToFloatArray()[0]);
        Node relu = model.Graph.Nodes.Single(node => node.Operator is Unary);
        Assert.Equal(Quantization.PerTensor(0.05f, -128), model.Quantizations[model.Graph.Outputs[0].Origin!]);
        Assert.Equal("y", model.Graph.Outputs[0].Name);
        Assert.NotNull(relu.Output.Origin);
    }

    /// <summary>The axis of the scales moves with the weights: a depthwise kernel has its channels last.</summary>
    [Fact]
    public void PerChannelScalesFollowTheWeights()
    {
        TestModel m = new TestModel(13).Input("x", 1, 3, 4, 4).Bytes("w", 3, [3, 1, 1, 1], 10, 20, 30).Floats("ws", [3], 0.1f, 0.2f, 0.3f)
            .Bytes("wz", 3, [3], 0, 0, 0)
            .Node("DequantizeLinear", "w ws wz", "wd", ("axis", 0)).Node("Conv", "x wd", "y", ("group", 3)).Output("y");
        Node conv = m.EqualsOnnxRuntime().Nodes.Single(node => node.Operator is DepthwiseConv2D);
        Assert.Equal((3, 3), (conv.Input(1).Quantization!.Axis, conv.Input(1).Quantization!.Scales.Length));
    }

    [Fact]
    public void QuantizedOperatorsBecomeRealOnes()
    {
        TestModel m = new TestModel(13).Input("x", 1, 4).Floats("s", [], 0.05f).Bytes("z", 3, [], 0)
            .Bytes("w", 3, [4, 2], 1, 2, 3, 4, 5, 6, 7, 8).Floats("ws", [], 0.1f)
            .Floats("ys", [], 0.1f).Node("QuantizeLinear", "x s z", "q").Node("QLinearMatMul", "q s z w ws z ys z", "p")
            .Node("DequantizeLinear", "p ys z", "y").Output("y");
        ImportedModel model = m.Import();
        // Saturated as the integers are.
        Assert.Equal(["MAXIMUM", "MINIMUM", "FULLY_CONNECTED", "MAXIMUM", "MINIMUM"], model.Graph.Nodes.Select(node => node.Operator.Name));
        Assert.Equal(Quantization.PerTensor(0.1f, 0), model.Quantizations[model.Graph.Outputs[0].Origin!]);
    }

    [Fact]
    public void IntegersThatLeaveTheNetworkAreComputed()
    {
        TestModel m = new TestModel(13).Input("x", 1, 6).Floats("s", [], 0.1f).Bytes("z", 2, [], 10).Node("QuantizeLinear", "x s z", "q")
            .Node("Cast", "q", "y", ("to", 1)).Output("y");
        m.EqualsOnnxRuntime();
    }

    [Fact]
    public void DynamicQuantizationIsLeftOut()
    {
        TestModel m = new TestModel(13).Input("x", 2, 4).Bytes("w", 3, [4, 3], 1, -2, 3, 4, -5, 6, 7, 8, -9, 10, 11, 12)
            .Bytes("z", 3, [], 0).Floats("ws", [], 0.1f)
            .Node("DynamicQuantizeLinear", "x", "q s p").Node("MatMulInteger", "q w p z", "i").Node("Cast", "i", "f", ("to", 1))
            .Node("Mul", "s ws", "scale").Node("Mul", "f scale", "y").Output("y");
        m.EqualsOnnxRuntime(0.02f); // ONNX Runtime quantizes the input
        Assert.Contains(m.Import().Findings, finding => finding.RuleId == "onnx-dynamic-quantization");
    }

    private static TestModel Stored(string x, int type, int zero, float scale = 0.1f) =>
        new TestModel(21).Input("x", 1, 64).Floats("s", [], scale).Bytes("z", type, [], zero)
        .Node("QuantizeLinear", $"{x} s z", "q");

    /// <summary>What QuantizeLinear cannot hold is cut off, also where nothing else of the quantization is left.</summary>
    [Theory]
    [InlineData(3, -128, 0.01f)] // a Relu that a quantizer removed
    [InlineData(2, 0, 0.005f)]
    [InlineData(3, 100, 0.01f)]
    [InlineData(2, 128, 0.008f)]
    public void RealsSaturateAsTheirIntegersDo(int type, int zero, float scale) =>
        Stored("x", type, zero, scale).Node("DequantizeLinear", "q s z", "y").Output("y").EqualsOnnxRuntime(scale);

    /// <summary>Values that lie inside are left alone.</summary>
    [Fact]
    public void NothingIsClampedThatLiesInside()
    {
        TestModel m = new TestModel(21).Input("x", 1, 8).Floats("s", [], 1f / 255).Bytes("z", 2, [], 0).Node("Sigmoid", "x", "p")
            .Node("QuantizeLinear", "p s z", "q").Node("DequantizeLinear", "q s z", "y").Output("y");
        Assert.Equal("LOGISTIC", Assert.Single(m.EqualsOnnxRuntime(0.01f).Nodes).Operator.Name);
    }

    /// <summary>Operators that move integers or bound them, on the reals that those stand for.</summary>
    [Theory]
    [InlineData("Clip", "q low high")]
    [InlineData("Relu", "q")]
    [InlineData("Pad", "q pads low")]
    [InlineData("Tile", "q repeats")]
    [InlineData("Concat", "q q")]
    public void MovedIntegersStandForTheirReals(string type, string inputs)
    {
        TestModel m = Stored("x", 3, 20, 0.02f).Bytes("low", 3, [], -30).Bytes("high", 3, [], 60).Integers("pads", 0, 2, 0, 3)
            .Integers("repeats", 1, 2);
        _ = type == "Concat" ? m.Node(type, inputs, "moved", ("axis", 1)) : m.Node(type, inputs, "moved");
        m.Node("DequantizeLinear", "moved s z", "y").Output("y").EqualsOnnxRuntime(0.02f);
        Assert.DoesNotContain(m.Import().Graph.Nodes, node => node.Operator is Cast);
    }

    /// <summary>Integers that are read with another scale than they were stored with mean other reals.</summary>
    [Fact]
    public void AnotherScaleAtTheReader()
    {
        TestModel m = Stored("x", 3, 5, 0.02f).Floats("s2", [], 0.05f).Bytes("z2", 3, [], -7).Node("DequantizeLinear", "q s2 z2", "y")
            .Output("y");
        m.EqualsOnnxRuntime(0.02f);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void WeightsInBlocks(int axis)
    {
        long[] blocks = axis == 0 ? [2, 6] : [4, 3];
        TestModel m = new TestModel(21).Input("x", 1, 4)
            .Bytes("w", 3, [4, 6], [.. Enumerable.Range(0, 24).Select(i => (i * 37 % 200) - 100)]).Weights("s", blocks)
            .Bytes("z", 3, blocks, [.. Enumerable.Range(0, 12).Select(i => i - 5)])
            .Node("DequantizeLinear", "w s z", "d", ("axis", axis), ("block_size", 2)).Node("MatMul", "x d", "y").Output("y");
        m.EqualsOnnxRuntime();
    }

    [Theory]
    [InlineData(22)] // int4
    [InlineData(21)] // uint4
    public void WeightsOfFourBits(int type)
    {
        TestModel m = new TestModel(21).Input("x", 1, 5).Floats("s", [3], 0.1f, 0.2f, 0.3f).Bytes("z", type, [3], 0x21, 0x03)
            .Node("DequantizeLinear", "w s z", "d", ("axis", 1)).Node("MatMul", "x d", "y").Output("y");
        m.Bytes("w", type, [5, 3], 0x7F, 0x12, 0x98, 0xAB, 0xC3, 0x4D, 0xE5, 0x06);
        m.EqualsOnnxRuntime(0.01f); // which rounds the other operand to 8 bits
    }

    public static TheoryData<string> QuantizedOperators =>
        ["QLinearConv", "QLinearMatMul", "com.microsoft.QGemm", "com.microsoft.QLinearAdd", "com.microsoft.QLinearMul",
        "com.microsoft.QLinearConcat",
        "com.microsoft.QLinearAveragePool", "com.microsoft.QLinearGlobalAveragePool", "com.microsoft.QLinearLeakyRelu",
        "com.microsoft.QLinearSigmoid", "com.microsoft.QLinearSoftmax",
        "com.microsoft.QLinearWhere", "MatMulInteger", "ConvInteger", "com.microsoft.MatMulIntegerToFloat",
        "com.microsoft.DynamicQuantizeMatMul"];

    /// <summary>
    /// Every operator on integers gives ONNX Runtime's results within the rounding of its integers, saturated at both ends.
    /// </summary>
    [Theory]
    [MemberData(nameof(QuantizedOperators))]
    public void OperatorsOnIntegers(string type)
    {
        TestModel m = new TestModel(17).Input("x", 1, 4, 6, 6).Floats("xs", [], 0.02f).Bytes("xz", 2, [], 120).Floats("ys", [], 0.012f)
            .Bytes("yz", 2, [], 90).Floats("ws", [], 0.015f).Bytes("wz", 2, [], 130)
            .Floats("ps", [], 1f / 256).Bytes("pz", 2, [], 0).Floats("ms", [], 0.002f).Bytes("mz", 2, [], 100);
        m.Proto.OpsetImport.Add(new Proto.OperatorSetIdProto { Domain = "com.microsoft", Version = 1 });
        m.Bytes("kernel", 2, [3, 4, 3, 3], [.. Enumerable.Range(0, 108).Select(i => i * 53 % 256)])
            .Bytes("matrix", 2, [6, 5], [.. Enumerable.Range(0, 30).Select(i => i * 91 % 256)])
            .Bytes("bias", 6, [5], 300, -200, 100, 0, -900).Bytes("mask", 9, [6], 1, 0, 1, 1, 0, 0)
            .Floats("real", [1, 4, 6, 6], [.. Enumerable.Range(0, 144).Select(i => (i % 7) - 3f)]);
        m.Node("QuantizeLinear", "x xs xz", "q");
        bool real = type is "com.microsoft.MatMulIntegerToFloat" or "com.microsoft.DynamicQuantizeMatMul" or "MatMulInteger"
            or "ConvInteger";
        string scale = type is "com.microsoft.QLinearSigmoid" or "com.microsoft.QLinearSoftmax" ? "ps pz"
            : type == "com.microsoft.QLinearGlobalAveragePool" ? "ms mz" : "ys yz"; // means are small
        switch (type)
        {
            case "QLinearConv":
                m.Node(type, "q xs xz kernel ws wz ys yz", "r", ("pads", new long[] { 1, 1, 1, 1 }));
                break;
            case "QLinearMatMul":
                m.Node(type, "q xs xz matrix ws wz ys yz", "r");
                break;
            case "com.microsoft.QGemm":
                m.Integers("rows", 24, 6).Node("Reshape", "q rows", "flat")
                    .Node(type, "flat xs xz matrix ws wz bias ys yz", "r", ("alpha", 0.5f));
                break;
            case "com.microsoft.QLinearAdd" or "com.microsoft.QLinearMul":
                m.Node(type, "q xs xz q xs xz ys yz", "r");
                break;
            case "com.microsoft.QLinearConcat":
                m.Node("QuantizeLinear", "real ws wz", "other").Node(type, "ys yz q xs xz other ws wz", "r", ("axis", 1));
                break;
            case "com.microsoft.QLinearAveragePool":
                m.Node(type, "q xs xz ys yz", "r", ("kernel_shape", new long[] { 2, 2 }), ("strides", new long[] { 2, 2 }));
                break;
            case "com.microsoft.QLinearSoftmax":
                m.Node(type, "q xs xz ps pz", "r", ("axis", -1), ("opset", 13));
                break;
            case "com.microsoft.QLinearWhere":
                m.Node("QuantizeLinear", "real ws wz", "other").Node(type, "mask q xs xz other ws wz ys yz", "r");
                break;
            case "MatMulInteger":
                m.Node(type, "q matrix xz wz", "i").Node("Cast", "i", "r", ("to", 1));
                break;
            case "ConvInteger":
                m.Node(type, "q kernel xz wz", "i").Node("Cast", "i", "r", ("to", 1));
                break;
            case "com.microsoft.MatMulIntegerToFloat":
                m.Node(type, "q matrix xs ws xz wz", "r");
                break;
            case "com.microsoft.DynamicQuantizeMatMul":
                m.Node(type, "x matrix ws wz", "r");
                break;
            default:
                m.Node(type, $"q xs xz {scale}", "r");
                break;
        }
        if (real)
            m.Output("r");
        else
            m.Node("DequantizeLinear", $"r {scale}", "y").Output("y");
        // The rounding of ONNX Runtime's operands and results.
        m.EqualsOnnxRuntime(type == "com.microsoft.QLinearGlobalAveragePool" ? 0.08f : 0.03f);
    }

    /// <summary>ONNX Runtime does not run it; it is what the same mean between DequantizeLinear and QuantizeLinear is.</summary>
    [Fact]
    public void MeansOfIntegers()
    {
        TestModel Start() =>
            new TestModel(17).Input("x", 1, 4, 3, 3).Floats("s", [], 0.02f).Bytes("z", 2, [], 120).Floats("ms", [], 0.002f)
            .Bytes("mz", 2, [], 100).Node("QuantizeLinear", "x s z", "q");
        Graph direct = Start().Node("com.microsoft.QLinearReduceMean", "q s z ms mz", "r", ("axes", new long[] { 2, 3 }), ("keepdims", 1))
            .Node("DequantizeLinear", "r ms mz", "y").Output("y").Import().Graph;
        Graph around = Start().Node("DequantizeLinear", "q s z", "d")
            .Node("ReduceMean", "d", "m", ("axes", new long[] { 2, 3 }), ("keepdims", 1)).Node("QuantizeLinear", "m ms mz", "r")
            .Node("DequantizeLinear", "r ms mz", "y").Output("y").EqualsOnnxRuntime(0.05f);
        TensorData x = TensorData.From<float>([1, 4, 3, 3], [.. Enumerable.Range(0, 36).Select(i => (i % 11) - 5f)]);
        Assert.Equal(new GraphInterpreter(around).Run([x])[0].ToFloatArray(), new GraphInterpreter(direct).Run([x])[0].ToFloatArray());
    }
}

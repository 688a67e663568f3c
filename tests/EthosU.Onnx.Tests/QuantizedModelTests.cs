using EthosU.Graphs;
using Xunit;

namespace EthosU.Onnx.Tests;

/// <summary>Scales of models trained quantization-aware survive the import.</summary>
public sealed class QuantizedModelTests
{
    /// <summary>Input → Q → DQ → Conv with per-channel int8 weights behind a DQ → Relu → Q → DQ.</summary>
    private static TestModel Qdq() => new TestModel(13).Input("x", 1, 2, 4, 4)
        .Floats("xs", [], 0.02f).Bytes("xz", 2, [], 114).Bytes("w", 3, [3, 2, 1, 1], -127, 64, 3, 100, 5, 127).Floats("ws", [3], 0.01f, 0.02f, 0.04f).Bytes("wz", 3, [3], 0, 0, 0)
        .Floats("ys", [], 0.05f).Bytes("yz", 3, [], -128).Weights("bias", 3)
        .Node("QuantizeLinear", "x xs xz", "xq").Node("DequantizeLinear", "xq xs xz", "xd").Node("DequantizeLinear", "w ws wz", "wd", ("axis", 0))
        .Node("Conv", "xd wd bias", "conv").Node("Relu", "conv", "relu").Node("QuantizeLinear", "relu ys yz", "yq").Node("DequantizeLinear", "yq ys yz", "y").Output("y");

    [Fact]
    public void ScalesAreKept()
    {
        OnnxModel model = Qdq().Import();
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
        TestModel m = new TestModel(13).Input("x", 1, 3, 4, 4).Bytes("w", 3, [3, 1, 1, 1], 10, 20, 30).Floats("ws", [3], 0.1f, 0.2f, 0.3f).Bytes("wz", 3, [3], 0, 0, 0)
            .Node("DequantizeLinear", "w ws wz", "wd", ("axis", 0)).Node("Conv", "x wd", "y", ("group", 3)).Output("y");
        Node conv = m.EqualsOnnxRuntime().Nodes.Single(node => node.Operator is DepthwiseConv2D);
        Assert.Equal((3, 3), (conv.Input(1).Quantization!.Axis, conv.Input(1).Quantization!.Scales.Length));
    }

    [Fact]
    public void QuantizedOperatorsBecomeRealOnes()
    {
        TestModel m = new TestModel(13).Input("x", 1, 4).Floats("s", [], 0.05f).Bytes("z", 3, [], 0).Bytes("w", 3, [4, 2], 1, 2, 3, 4, 5, 6, 7, 8).Floats("ws", [], 0.1f)
            .Floats("ys", [], 0.1f).Node("QuantizeLinear", "x s z", "q").Node("QLinearMatMul", "q s z w ws z ys z", "p").Node("DequantizeLinear", "p ys z", "y").Output("y");
        OnnxModel model = m.Import();
        Assert.Equal("FULLY_CONNECTED", Assert.Single(model.Graph.Nodes).Operator.Name);
        Assert.Equal(Quantization.PerTensor(0.1f, 0), model.Quantizations[model.Graph.Outputs[0].Origin!]);
    }

    [Fact]
    public void IntegersThatLeaveTheNetworkAreComputed()
    {
        TestModel m = new TestModel(13).Input("x", 1, 6).Floats("s", [], 0.1f).Bytes("z", 2, [], 10).Node("QuantizeLinear", "x s z", "q").Node("Cast", "q", "y", ("to", 1)).Output("y");
        m.EqualsOnnxRuntime();
    }

    [Fact]
    public void DynamicQuantizationIsLeftOut()
    {
        TestModel m = new TestModel(13).Input("x", 2, 4).Bytes("w", 3, [4, 3], 1, -2, 3, 4, -5, 6, 7, 8, -9, 10, 11, 12).Bytes("z", 3, [], 0).Floats("ws", [], 0.1f)
            .Node("DynamicQuantizeLinear", "x", "q s p").Node("MatMulInteger", "q w p z", "i").Node("Cast", "i", "f", ("to", 1)).Node("Mul", "s ws", "scale").Node("Mul", "f scale", "y").Output("y");
        m.EqualsOnnxRuntime(0.02f); // ONNX Runtime quantizes the input
        Assert.Contains(m.Import().Findings, finding => finding.RuleId == "onnx-dynamic-quantization");
    }
}

using EthosU.Graphs;
using EthosU.Onnx.Proto;
using Xunit;

namespace EthosU.Onnx.Tests;

/// <summary>Models as torch 2's exporters write them give what ONNX Runtime gives.</summary>
public sealed class TorchExportTests
{
    [Fact]
    public void TransformerBlockWithoutFunctions()
    {
        TestModel m = new TestModel(20).Input("x", 1, 6, 8).Floats("gamma", [8], [.. Enumerable.Range(1, 8).Select(i => i / 4f)])
            .Weights("beta", 8)
            .Weights("qkv", 8, 24).Weights("qkv_bias", 24).Integers("heads", 1, 6, 3, 2, 4).Integers("split", 1, 1, 1).Integers("two", 2)
            .Floats("scale", [], 0.5f).Floats("mask", [6, 6], [.. Enumerable.Range(0, 36).Select(i => i % 6 > i / 6 ? -1e9f : 0f)])
            .Integers("flat", 1, 6, 8).Weights("up", 8, 16).Weights("down", 16, 8);
        m.Node("LayerNormalization", "x gamma beta", "norm", ("axis", -1), ("epsilon", 1e-5f)).Node("MatMul", "norm qkv", "mm")
            .Node("Add", "mm qkv_bias", "proj")
            .Node("Reshape", "proj heads", "view", ("allowzero", 1))
            .Node("Transpose", "view", "perm", ("perm", new long[] { 2, 0, 3, 1, 4 }))
            .Node("Split", "perm", "q0 k0 v0", ("axis", 0), ("num_outputs", 3)).Integers("zero", 0)
            .Node("Squeeze", "q0 zero", "q").Node("Squeeze", "k0 zero", "k").Node("Squeeze", "v0 zero", "v")
            .Node("Transpose", "k", "kt", ("perm", new long[] { 0, 1, 3, 2 })).Node("Mul", "q scale", "qs")
            .Node("MatMul", "qs kt", "scores").Node("Add", "scores mask", "masked")
            .Node("Softmax", "masked", "weights", ("axis", -1)).Node("MatMul", "weights v", "heads_out")
            .Node("Transpose", "heads_out", "back", ("perm", new long[] { 0, 2, 1, 3 }))
            .Node("Reshape", "back flat", "attention").Node("Add", "x attention", "residual").Node("MatMul", "residual up", "hidden")
            .Node("Gelu", "hidden", "gelu", ("approximate", "none")).Node("MatMul", "gelu down", "out").Output("out");
        m.EqualsOnnxRuntime();
    }

    /// <summary>Exporters name the last cell state also where nothing reads it.</summary>
    [Theory]
    [InlineData(600, true)]
    [InlineData(5, false)]
    public void AnLstmTooLongToBeUnrolledBecomesOneOperatorAndSaysSo(int steps, bool isOne)
    {
        TestModel m = new TestModel().Input("x", steps, 1, 3).Weights("w", 1, 16, 3).Weights("r", 1, 16, 4).Weights("b", 1, 32)
            .Integers("one", 1);
        m.Node("LSTM", "x w r b", "y hn cn", ("hidden_size", 4)).Node("Squeeze", "y one", "out").Output("out");

        Assert.Equal(isOne, m.EqualsOnnxRuntime().Nodes.Any(node => node.Operator is UnidirectionalSequenceLstm));
        Assert.Equal(isOne ? ["onnx-recurrent-state"] : [], m.Import().Findings.Select(finding => finding.RuleId));
    }

    [Fact]
    public void FunctionsWithAttributesAndOptionalInputsAreInlined()
    {
        TestModel m = new TestModel().Input("x", 1, 3, 4).Weights("bias", 4);
        m.Proto.OpsetImport.Add(new OperatorSetIdProto { Domain = "pkg.onnxscript.torch_lib", Version = 1 });
        FunctionProto function = new() { Name = "leaky_shift", Domain = "pkg.onnxscript.torch_lib" };
        function.OpsetImport.Add(new OperatorSetIdProto { Version = 18 });
        function.Input.Add(["a", "bias"]);
        function.Output.Add("r");
        function.Attribute.Add("slope");
        NodeProto leaky = TestModel.MakeNode("LeakyRelu", "a", "t");
        leaky.Attribute.Add(new AttributeProto { Name = "alpha", RefAttrName = "slope", Type = 1 });
        function.Node.Add([leaky, TestModel.MakeNode("Add", "t bias", "r")]);
        m.Proto.Functions.Add(function);
        m.Node("pkg.onnxscript.torch_lib.leaky_shift", "x bias", "y", ("slope", 0.3f)).Output("y");
        Graph graph = m.EqualsOnnxRuntime();
        Assert.Equal("node_y/node_t", graph.Nodes[0].Source.NodeName);
    }

    /// <summary>A name inside a function is not one of its caller's.</summary>
    [Fact]
    public void AbsentArgumentsDoNotMeetTheCallersNames()
    {
        TestModel m = new TestModel().Input("x", 1, 4).Floats("max", [], 0.25f);
        m.Proto.OpsetImport.Add(new OperatorSetIdProto { Domain = "local", Version = 1 });
        FunctionProto function = new() { Name = "clamp", Domain = "local" };
        function.OpsetImport.Add(new OperatorSetIdProto { Version = 18 });
        function.Input.Add(["x", "min", "max"]);
        function.Output.Add("r");
        function.Node.Add(TestModel.MakeNode("Clip", "x min max", "r"));
        m.Proto.Functions.Add(function);
        m.Node("local.clamp", "x", "y").Node("Add", "y max", "z").Output("z");
        m.EqualsOnnxRuntime();
    }

    [Fact]
    public void SourcesOfBothExportersAreRead()
    {
        TestModel m = new TestModel().Input("x", 1, 4).Node("Relu", "x", "relu").Node("Sigmoid", "relu", "y").Output("y");
        m.Graph.Node[0].MetadataProps.Add(new StringStringEntryProto { Key = "pkg.torch.onnx.stack_trace", Value =
            "  File \"/home/me/train/net.py\", line 31, in forward\n    return torch.relu(self.fc(x))\n  File "
                + "\"/usr/lib/python3/site-packages/torch/nn/functional.py\", line 9, in relu\n    return f(x)" });
        m.Graph.Node[0].MetadataProps
            .Add(new StringStringEntryProto { Key = "pkg.torch.onnx.name_scopes", Value = "['', 'encoder.act', 'relu']" });
        m.Graph.Node[1].DocString =
            "/usr/lib/python3/site-packages/torch/nn/modules/activation.py(292): forward\n/home/me/train/net.py(32): "
                + "forward\n/usr/lib/python3/site-packages/torch/jit/_trace.py(118): wrapper";
        Graph graph = m.EqualsOnnxRuntime();
        Assert.Equal(("/home/me/train/net.py", 31), (graph.Nodes[0].Source.UserFrame!.File, graph.Nodes[0].Source.UserFrame!.Line));
        Assert.Equal("encoder.act", graph.Nodes[0].Source.Module);
        Assert.Equal(32, graph.Nodes[1].Source.UserFrame!.Line);
    }

    [Theory]
    [InlineData("/conv1/Conv", "conv1")]
    [InlineData("/stem/conv/Conv", "stem.conv")]
    [InlineData("/layer1/layer1.0/conv1/Conv", "layer1.0.conv1")]
    [InlineData("/f/f.0/f.0.2/Mul_1", "f.0.2")]
    [InlineData("/blocks.3/Add", "blocks.3")]
    [InlineData("/Add", null)]
    [InlineData("Conv_12", null)]
    public void ModulesAreReadFromNames(string name, string? module)
    {
        TestModel m = new TestModel().Input("x", 1, 4).Node("Sigmoid", "x", "y").Output("y");
        m.Graph.Node[0].Name = name;
        Assert.Equal(module, m.EqualsOnnxRuntime().Nodes[0].Source.Module);
    }

    [Fact]
    public void ShapeArithmeticFolds()
    {
        TestModel m = new TestModel(17).Input("x", 1, 3, 4, 5).Integers("one", 1).Integers("minus", -1).Integers("zero", 0)
            .Integers("batch", 0)
            .Node("Shape", "x", "shape").Node("Gather", "shape batch", "n").Node("Concat", "n minus", "target", ("axis", 0))
            .Node("Cast", "target", "as_float", ("to", 1)).Node("Cast", "as_float", "as_int", ("to", 7)).Node("Reshape", "x as_int", "y")
            .Output("y");
        Graph graph = m.EqualsOnnxRuntime();
        Assert.Equal("RESHAPE", Assert.Single(graph.Nodes).Operator.Name);
    }

    [Fact]
    public void ReductionsSplitsAndSlicesOfOpset18()
    {
        TestModel m = new TestModel().Input("x", 2, 7, 4).Integers("axes", 1).Integers("a", 0).Integers("b", 9223372036854775807)
            .Integers("ax", 2).Integers("st", 2)
            .Node("ReduceMean", "x axes", "mean", ("keepdims", 1)).Node("Sub", "x mean", "centred")
            .Node("Split", "centred", "s0 s1 s2", ("axis", 1), ("num_outputs", 3))
            .Node("ReduceMax", "s2 axes", "m", ("keepdims", 0)).Node("Slice", "s0 a b ax st", "cut").Output("m", "cut", "s1");
        m.EqualsOnnxRuntime();
    }

    [Theory]
    [InlineData("Relu")]
    [InlineData("Sigmoid")]
    [InlineData("Tanh")]
    [InlineData("Elu")]
    [InlineData("Selu")]
    [InlineData("Celu")]
    [InlineData("HardSigmoid")]
    [InlineData("HardSwish")]
    [InlineData("Softplus")]
    [InlineData("Softsign")]
    [InlineData("Mish")]
    [InlineData("LeakyRelu")]
    [InlineData("ThresholdedRelu")]
    [InlineData("Erf")]
    [InlineData("LogSoftmax")]
    [InlineData("Softmax")]
    [InlineData("Asinh")]
    [InlineData("Atan")]
    [InlineData("Gelu")]
    public void Activations(string type) => new TestModel(20).Input("x", 2, 3, 8).Node(type, "x", "y").Output("y").EqualsOnnxRuntime(2e-4f);

    [Theory]
    [InlineData("LSTM", 4, "forward", false)]
    [InlineData("LSTM", 4, "bidirectional", true)]
    [InlineData("LSTM", 4, "reverse", false)]
    [InlineData("GRU", 3, "forward", true)]
    [InlineData("GRU", 3, "bidirectional", false)]
    [InlineData("RNN", 1, "reverse", true)]
    [InlineData("RNN", 1, "bidirectional", false)]
    public void Recurrent(string type, int gates, string direction, bool states)
    {
        int d = direction == "bidirectional" ? 2 : 1;
        TestModel m = new TestModel(17).Input("x", 5, 1, 3).Weights("w", d, gates * 4, 3).Weights("r", d, gates * 4, 4)
            .Weights("b", d, gates * 8);
        if (states)
            m.Weights("h", d, 1, 4).Weights("c", d, 1, 4);
        List<(string, object)> attributes = [("hidden_size", 4), ("direction", direction)];
        if (type == "GRU")
            attributes.Add(("linear_before_reset", 1));
        string initial = states ? type == "LSTM" ? " - h c" : " - h" : "";
        m.Node(type, "x w r b" + initial, type == "LSTM" && states ? "y hn cn" : "y hn", [.. attributes]);
        m.Output(type == "LSTM" && states ? ["y", "hn", "cn"] : ["y", "hn"]).EqualsOnnxRuntime();
    }

    [Theory]
    [InlineData("bhid,bhjd->bhij", 3, 2)]
    [InlineData("bid,bjd->bij", 2, 2)]
    [InlineData("...ij,...jk->...ik", 1, 1)]
    public void Einsums(string equation, int batch, int heads)
    {
        _ = heads;
        TestModel m = equation[0] == '.' ? new TestModel().Input("a", 2, 3, 4).Input("b", 2, 4, 5)
            : equation.StartsWith("bh", StringComparison.Ordinal) ? new TestModel().Input("a", batch, 2, 4, 5).Input("b", batch, 2, 3, 5)
            : new TestModel().Input("a", batch, 4, 5).Input("b", batch, 3, 5);
        m.Node("Einsum", "a b", "y", ("equation", equation)).Output("y").EqualsOnnxRuntime();
    }

    [Theory]
    [InlineData(4, 2, 1, 0, 1)]
    [InlineData(3, 2, 1, 1, 1)]
    [InlineData(2, 3, 0, 2, 1)]
    [InlineData(3, 2, 1, 1, 2)]
    [InlineData(3, 2, 1, 1, 8)]
    public void TransposedConvolutions(int kernel, int stride, int pad, int extra, int groups) => new TestModel(17).Input("x", 1, 8, 5, 6)
        .Weights("w", 8, 16 / groups, kernel, kernel).Weights("bias", 16)
        .Node("ConvTranspose", "x w bias", "y", ("strides", new long[] { stride, stride }), ("pads", new long[] { pad, pad, pad, pad }),
            ("output_padding", new long[] { extra, extra }), ("group", groups)).Output("y").EqualsOnnxRuntime();

    [Theory]
    [InlineData("cubic", "half_pixel", 7)]
    [InlineData("cubic", "align_corners", 9)]
    [InlineData("linear", "half_pixel", 9)]
    [InlineData("linear", "align_corners", 11)]
    [InlineData("linear", "asymmetric", 12)]
    [InlineData("nearest", "asymmetric", 12)]
    [InlineData("nearest", "half_pixel", 7)]
    public void Resizes(string mode, string coordinates, int size) =>
    new TestModel().Input("x", 1, 2, 6, 6).Integers("sizes", 1, 2, size, size)
        .Node("Resize", "x - - sizes", "y", ("mode", mode), ("coordinate_transformation_mode", coordinates), ("nearest_mode", "floor"),
        ("cubic_coeff_a", -0.75f))
        .Output("y").EqualsOnnxRuntime();

    [Theory]
    [InlineData("AveragePool", 1, 0)]
    [InlineData("AveragePool", 0, 0)]
    [InlineData("AveragePool", 1, 1)]
    [InlineData("MaxPool", 0, 1)]
    public void Pools(string type, int includePadding, int ceil)
    {
        List<(string, object)> attributes =
            [("kernel_shape", new long[] { 3, 3 }), ("strides", new long[] { 2, 2 }), ("pads", new long[] { 1, 1, 1, 1 }),
            ("ceil_mode", ceil)];
        if (type == "AveragePool")
            attributes.Add(("count_include_pad", includePadding));
        new TestModel(17).Input("x", 1, 3, 8, 9).Node(type, "x", "y", [.. attributes]).Output("y").EqualsOnnxRuntime();
    }

    [Fact]
    public void ConstantLoopsAndBranchesAreWrittenOut()
    {
        GraphProto body = new() { Name = "body" };
        body.Input.Add([TestModel.Value("i", 7), TestModel.Value("go", 9), TestModel.Value("state", 1, 1, 4)]);
        body.Node.Add([TestModel.MakeNode("Identity", "go", "still"), TestModel.MakeNode("Mul", "state half", "next"),
            TestModel.MakeNode("Identity", "next", "seen")]);
        body.Output.Add([TestModel.Value("still", 9), TestModel.Value("next", 1, 1, 4), TestModel.Value("seen", 1, 1, 4)]);
        TensorProto count = new() { DataType = 7 };
        count.Int64Data.Add(3);
        TestModel m = new TestModel().Input("x", 1, 4).Floats("half", [], 0.5f).Node("Constant", "", "count", ("value", count))
            .Node("Loop", "count - x", "final all", ("body", body)).Output("final", "all");
        Assert.DoesNotContain(m.EqualsOnnxRuntime().Nodes, node => node.Operator is While);
    }
}

using EthosU.Graphs;
using EthosU.Onnx.Proto;
using Xunit;

namespace EthosU.Onnx.Tests;

/// <summary>Whatever is wrong with a model is described; nothing crashes, hangs or eats the memory.</summary>
public sealed class BadInputTests
{
    private static string Refusal(TestModel model)
    {
        Exception e = Assert.ThrowsAny<Exception>(() => model.Import());
        Assert.True(e is ModelFormatException or UnsupportedModelException, e.ToString());
        return e.Message;
    }

    [Theory]
    [InlineData("a\0b", "y")]
    [InlineData("a", "y\0")]
    public void ANameWithANullCharacterIsRefused(string input, string output) => Assert.Contains("null character",
        Refusal(new TestModel().Input(input, 1, 4).Node("Relu", input, output).Output(output)), StringComparison.Ordinal);

    [Fact]
    public void AnEndlessNameIsRefused()
    {
        string name = new('n', 1 << 20), said = Refusal(new TestModel().Input("x", 1, 4).Node("Relu", "x", name).Output(name));
        Assert.Contains("its name has 1048576 characters", said, StringComparison.Ordinal);
        Assert.InRange(said.Length, 1, 500);
    }

    [Theory]
    [InlineData("LSTM", 3, 8, 4, 2, "hidden_size is 3, but its recurrent weights [1, 8, 2] are those of 2 units")]
    [InlineData("GRU", 1, 6, 4, 2, "hidden_size is 1, but its recurrent weights [1, 6, 2] are those of 2 units")]
    [InlineData("RNN", 0, 2, 4, 2, "hidden_size is 0")]
    [InlineData("LSTM", 2, 9, 4, 2, "operand W is [1, 9, 4]")]
    [InlineData("GRU", 2, 6, 5, 2, "ask for [1, 6, 4]")]
    [InlineData("RNN", 2, 3, 4, 2, "operand W is [1, 3, 4]")]
    public void RecurrentWeightsSuitTheirAttributes(string type, int hidden, int rows, int width, int units, string expected)
    {
        int gates = type switch { "LSTM" => 4, "GRU" => 3, _ => 1 };
        TestModel m = new TestModel().Input("x", 3, 1, 4).Weights("w", 1, rows, width).Weights("r", 1, gates * units, units)
            .Node(type, "x w r", "y", ("hidden_size", hidden)).Output("y");
        Assert.Contains(expected, Refusal(m), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Conv", "kernel_shape", new long[] { 5, 5 }, "kernel_shape is [5, 5], but that of its weights [3, 3, 2, 2] is [2, 2]")]
    [InlineData("Conv", "kernel_shape", new long[] { 2 }, "kernel_shape has 1 numbers; 2 are expected")]
    [InlineData("Conv", "strides", new long[] { 1, 1, 1 }, "strides has 3 numbers; 2 are expected")]
    [InlineData("Conv", "pads", new long[] { 1, 1 }, "pads has 2 numbers; 4 are expected")]
    [InlineData("ConvTranspose", "dilations", new long[] { 1 }, "dilations has 1 numbers; 2 are expected")]
    [InlineData("ConvTranspose", "output_shape", new long[] { 1 }, "output_shape has 1 numbers; 2 are expected")]
    public void ListsOfAWindowSuitIt(string type, string attribute, long[] values, string expected) =>
        Assert.Contains(expected,
        Refusal(new TestModel().Input("x", 1, 3, 8, 8).Weights("w", 3, 3, 2, 2).Node(type, "x w", "y", (attribute, values)).Output("y")),
        StringComparison.Ordinal);

    [Fact]
    public void LengthsOfConstantsSuitTheInput()
    {
        Assert.Contains("bias [5] does not suit its 3 output channels",
            Refusal(new TestModel().Input("x", 1, 3, 8, 8).Weights("w", 3, 3, 2, 2).Weights("b", 5).Node("Conv", "x w b", "y").Output("y")),
            StringComparison.Ordinal);
        Assert.Contains("has 3 channels",
            Refusal(new TestModel().Input("x", 1, 3, 8, 8).Weights("s", 3).Weights("v", 4).Node("BatchNormalization", "x s s s v", "y")
                .Output("y")), StringComparison.Ordinal);
        Assert.Contains("rows of 4 numbers and its weights for 2",
            Refusal(new TestModel().Input("x", 1, 4).Weights("w", 4, 2).Node("Gemm", "x w", "y", ("transB", 1)).Output("y")),
            StringComparison.Ordinal);
        Assert.Contains("bias [3, 2] does not suit",
            Refusal(new TestModel().Input("x", 1, 4).Weights("w", 4, 2).Weights("b", 3, 2).Node("Gemm", "x w b", "y").Output("y")),
            StringComparison.Ordinal);
    }

    /// <summary>What .NET says of its arrays and parameters is not for people.</summary>
    [Theory]
    [InlineData("the size -1 is negative", new long[] { -1, 2 })]
    [InlineData("the size -5 is negative", new long[] { 3, -5 })]
    public void NegativeSizesAreToldPlainly(string expected, long[] sizes)
    {
        string said = Refusal(new TestModel().Input("x", 1).Integers("s", sizes).Node("ConstantOfShape", "s", "c").Node("Add", "x c", "y")
            .Output("y"));
        Assert.Contains(expected, said, StringComparison.Ordinal);
        Assert.DoesNotContain("Parameter", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("own.f", "own.f", "calls itself")]
    [InlineData("own.g", "own.f", "calls itself")]
    [InlineData("own.g", "Relu", null)]
    public void FunctionsThatCallThemselvesAreNamed(string calledByF, string calledByG, string? expected)
    {
        TestModel m = new TestModel().Input("x", 1);
        m.Proto.OpsetImport.Add(new OperatorSetIdProto { Domain = "own", Version = 1 });
        foreach ((string name, string called) in ((string, string)[])[("f", calledByF), ("g", calledByG)])
        {
            FunctionProto function = new() { Name = name, Domain = "own" };
            function.OpsetImport.Add([new OperatorSetIdProto { Version = 18 }, new OperatorSetIdProto { Domain = "own", Version = 1 }]);
            function.Input.Add("a");
            function.Output.Add("b");
            function.Node.Add(TestModel.MakeNode(called, "a", "b"));
            m.Proto.Functions.Add(function);
        }
        m.Node("own.f", "x", "y").Output("y");
        if (expected is null)
            Assert.Single(m.Import().Graph.Nodes);
        else
            Assert.Contains(expected, Refusal(m), StringComparison.Ordinal);
    }

    [Fact]
    public void AllUnsupportedNodesAreReportedAtOnce()
    {
        TestModel m = new TestModel().Input("x", 1, 4).Node("RoiAlign", "x x x", "a").Node("Relu", "a", "b").Node("Det", "x", "c")
            .Node("aten.fancy", "x", "d").Output("b", "c", "d");
        m.Graph.Node[2].MetadataProps
            .Add(new StringStringEntryProto { Key = "pkg.torch.onnx.stack_trace", Value =
            "File \"net.py\", line 7, in forward\n    torch.det(x)" });
        var e = Assert.Throws<UnsupportedModelException>(() => m.Import());
        Assert.Equal(["RoiAlign", "Det", "fancy"], e.Findings.Select(finding => finding.Operator));
        Assert.All(e.Findings, finding => Assert.NotEmpty(finding.Advice));
        Assert.Contains("node_c (net.py:7)", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SymbolicSizes()
    {
        TestModel m = new TestModel().Input("x", 1, 3, 4, 4).Node("Relu", "x", "y").Output("y");
        m.Graph.Input[0].Type.TensorType.Shape.Dim[0].DimParam = "batch";
        m.Graph.Input[0].Type.TensorType.Shape.Dim[2].DimParam = "height";
        var e = Assert.Throws<UnsupportedModelException>(() => m.Import());
        Assert.Contains("'height'", Assert.Single(e.Findings).Reason, StringComparison.Ordinal);
        OnnxImportOptions options = new(2) { Sizes = System.Collections.Immutable.ImmutableDictionary<string, int>.Empty.Add("height", 6) };
        Assert.Equal([2, 3, 6, 4], m.Import(options).Graph.Inputs[0].Shape);
    }

    [Fact]
    public void CyclesMissingAndDoubledValues()
    {
        Assert.Contains("cycle", Refusal(new TestModel().Input("x", 1).Node("Add", "x b", "a").Node("Relu", "a", "b").Output("b")),
            StringComparison.Ordinal);
        Assert.Contains("'w'", Refusal(new TestModel().Input("x", 1).Node("Add", "x w", "y").Output("y")), StringComparison.Ordinal);
        Assert.Contains("another node", Refusal(new TestModel().Input("x", 1).Node("Relu", "x", "y").Node("Abs", "x", "y").Output("y")),
            StringComparison.Ordinal);
        Assert.Contains("no node computes it", Refusal(new TestModel().Input("x", 1).Output("nothing")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(int.MaxValue)] // ONNX Runtime would count so far
    [InlineData(3)]
    [InlineData(-1)]
    public void PartsOfASplitAreAsManyAsItsOutputs(int declared) =>
        Assert.Contains("num_outputs",
        Refusal(new TestModel().Input("x", 1, 4).Node("Split", "x", "y z", ("axis", 1), ("num_outputs", declared)).Output("y", "z")),
        StringComparison.Ordinal);

    /// <summary>ONNX Runtime divides constants when it opens a model; these quotients would end the process.</summary>
    [Theory]
    [InlineData("Div", long.MinValue, -1)]
    [InlineData("Mod", long.MinValue, -1)]
    [InlineData("Div", 1, 0)]
    [InlineData("Mod", 1, 0)]
    public void IntegersWithoutAQuotientAreRefused(string type, long dividend, long divisor) =>
        Assert.Contains("divides",
        Refusal(new TestModel().Input("x", 1, 4).Integers("a", dividend).Integers("b", divisor).Node(type, "a b", "c")
            .Node("Cast", "c", "d", ("to", 1)).Node("Add", "x d", "y").Output("y")), StringComparison.Ordinal);

    [Fact]
    public void RangesBeyond32BitsAreRefused() =>
        Assert.Contains("beyond integers of 32 bits",
        Refusal(new TestModel().Input("x", 1).Floats("s", [], 1).Integers("numbers", -long.MaxValue, long.MaxValue, 1L << 40)
            .Node("Split", "numbers", "a b c", ("num_outputs", 3)).Node("Squeeze", "a", "first").Node("Squeeze", "b", "last")
            .Node("Squeeze", "c", "step")
            .Node("Range", "first last step", "r").Node("Cast", "r", "f", ("to", 1)).Node("Add", "x f", "y").Output("y")),
        StringComparison.Ordinal);

    [Fact]
    public void NodesInAnyOrderRun() =>
        new TestModel().Input("x", 1, 4).Node("Relu", "b", "c").Node("Abs", "a", "b").Node("Neg", "x", "a").Output("c").EqualsOnnxRuntime();

    [Fact]
    public void ShapesThatNoDataStandBehind()
    {
        Assert.Contains("bytes of data expected",
            Refusal(new TestModel().Input("x", 1).Floats("w", [1 << 20, 1 << 7], 1f).Node("Add", "x w", "y").Output("y")),
            StringComparison.Ordinal);
        Assert.Contains("too large",
            Refusal(new TestModel().Input("x", 1).Floats("w", [1L << 30, 1L << 30, 1L << 30], 1f).Node("Add", "x w", "y").Output("y")),
            StringComparison.Ordinal);
        Assert.Contains("too many elements", Refusal(new TestModel().Input("x", 1L << 30, 1 << 10).Node("Relu", "x", "y").Output("y")),
            StringComparison.Ordinal);
        Assert.NotEmpty(
            Refusal(new TestModel().Input("x", 1).Integers("s", 1 << 30, 1 << 30).Node("ConstantOfShape", "s", "c").Node("Mul", "c x", "y")
                .Output("y")));
        Assert.NotEmpty(
            Refusal(new TestModel().Input("x", 1, 1, 2, 2).Integers("s", 1, 1, 2, 2_000_000_000)
                .Node("Resize", "x - - s", "y", ("mode", "linear")).Output("y")));
        Assert.NotEmpty(
            Refusal(new TestModel().Input("x", 1, 1, 2, 2).Integers("p", 0, 0, 0, 0, 0, 0, 0, 2_000_000_000)
                .Node("Pad", "x p", "y", ("mode", "edge")).Output("y")));
    }

    /// <summary>Functions that call functions twice, thirty deep, would be a billion nodes.</summary>
    [Fact]
    public void FunctionsThatGrowWithoutEndAreStopped()
    {
        TestModel m = new TestModel().Input("x", 1);
        m.Proto.OpsetImport.Add(new OperatorSetIdProto { Domain = "bomb", Version = 1 });
        for (int level = 0; level < 30; level++)
        {
            FunctionProto function = new() { Name = $"f{level}", Domain = "bomb" };
            function.OpsetImport.Add([new OperatorSetIdProto { Version = 18 }, new OperatorSetIdProto { Domain = "bomb", Version = 1 }]);
            function.Input.Add("a");
            function.Output.Add("c");
            string inner = level == 0 ? "Relu" : $"bomb.f{level - 1}";
            function.Node.Add([TestModel.MakeNode(inner, "a", "b"), TestModel.MakeNode(inner, "b", "c")]);
            m.Proto.Functions.Add(function);
        }
        Assert.Contains("nodes", Refusal(m.Node("bomb.f29", "x", "y").Output("y")), StringComparison.Ordinal);
    }
}

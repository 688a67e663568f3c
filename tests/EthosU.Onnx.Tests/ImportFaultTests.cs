using EthosU.Graphs;
using EthosU.Import;
using EthosU.Onnx.Proto;
using Xunit;

namespace EthosU.Onnx.Tests;

/// <summary>A bug of an importer is told as one, with the operator; what is wrong with the file is told as that.</summary>
public sealed class ImportFaultTests
{
    private static readonly Dictionary<string, (Type Exception, Action<ImportContext> Import)> Made = new()
    {
        ["index"] = (typeof(IndexOutOfRangeException), static c => c.Listed(((int[])[7])[c.InputCount])),
        ["key"] = (typeof(KeyNotFoundException), static c => c.Listed(new Dictionary<string, int>()[c.Node.Type])),
        ["null"] = (typeof(NullReferenceException), static c => c.Listed(c.Node.Ints("missing")!.Length)),
        ["type"] = (typeof(InvalidCastException), static c => c.Output(0, (Tensor)(object)c.Node.Type)),
        ["text"] = (typeof(FormatException), static c => c.Listed(int.Parse(c.Node.Type, null))),
        ["missing"] = (typeof(NotSupportedException), static _ => throw new NotSupportedException()),
        ["zero"] = (typeof(DivideByZeroException), static c => c.Listed(1 / (c.InputCount - 1))),
    };

    public static TheoryData<string> Slips => [.. Made.Keys];

    [Theory]
    [MemberData(nameof(Slips))]
    public void A_slip_of_an_importer_is_not_the_files(string slip)
    {
        TestModel m = new TestModel().Input("x", 1, 4).Node("Relu", "x", "a").Node("Abs", "a", "y").Output("y");
        var e = Assert.Throws<ImportFaultException>(() => Import(m, type => type == "Abs" ? Made[slip].Import : null));
        Assert.Equal(("Abs", "node_y"), (e.Operator.Type, e.Operator.Source.NodeName));
        Assert.Contains("the import of Abs 'node_y' failed", e.Message, StringComparison.Ordinal);
        Assert.IsType(Made[slip].Exception, e.InnerException);
    }

    /// <summary>Inside a branch the operator there is named, not the If around it.</summary>
    [Fact]
    public void The_innermost_operator_is_named()
    {
        GraphProto branch = new() { Name = "branch" };
        branch.Node.Add(TestModel.MakeNode("Abs", "x", "inner"));
        branch.Output.Add(new ValueInfoProto { Name = "inner" });
        TestModel m = new TestModel().Input("x", 1, 4).Bytes("always", 9, [], 1)
            .Node("If", "always", "y", ("then_branch", branch), ("else_branch", branch)).Output("y");
        var e = Assert.Throws<ImportFaultException>(() => Import(m, static type =>
            type == "Abs" ? static _ => throw new KeyNotFoundException() : null));
        Assert.Equal("Abs", e.Operator.Type);
        Assert.IsType<KeyNotFoundException>(e.InnerException);
    }

    [Fact]
    public void What_a_check_finds_is_the_files()
    {
        TestModel m = new TestModel().Input("x", 1, 4).Node("Abs", "x", "y").Output("y");
        Assert.Contains("node 'node_y'", Assert.Throws<ModelFormatException>(() => Import(m, static _ =>
            static c => c.Input(0).Shape.NormalizeAxis(7))).Message, StringComparison.Ordinal);
        Assert.Contains("a number is too large", Assert.Throws<ModelFormatException>(() => Import(m, static _ =>
            static c => c.Listed(checked(int.MaxValue + c.InputCount)))).Message, StringComparison.Ordinal);
        Assert.Equal("Abs", Assert.Single(Assert.Throws<UnsupportedModelException>(() => Import(m, static _ =>
            static _ => throw new UnsupportedOperatorException("It is odd.", "Do without."))).Findings).Operator);
    }

    /// <summary>Files whose lists are too short or too few are told what is missing.</summary>
    [Theory]
    [InlineData("Split", "x", "", "has no output")]
    [InlineData("Trilu", "v", "y", "at least 2 axes")]
    [InlineData("Flatten", "x", "y", "before axis 5")]
    [InlineData("TopK", "x none", "y", "Its k is empty")]
    [InlineData("Unsqueeze", "x nine", "y", "has no axis 9")]
    [InlineData("InstanceNormalization", "v v v", "y", "no image with channels")]
    [InlineData("Pad", "x nine", "y", "1 paddings do not suit 2 axes")]
    public void Lists_that_are_too_short(string type, string inputs, string output, string expected)
    {
        TestModel m = new TestModel().Input("x", 2, 4).Input("v", 4).Integers("none").Integers("nine", 9);
        m.Graph.Node.Add(TestModel.MakeNode(type, inputs, output.Length > 0 ? output : "-", ("axis", 5)));
        if (output.Length == 0)
            m.Graph.Node[0].Output.Clear();
        if (type is not "Flatten")
            m.Graph.Node[0].Attribute.Clear();
        m.Node("Relu", "x", "z").Output(output.Length > 0 ? output : "z");
        Assert.Contains(expected, Assert.Throws<UnsupportedModelException>(() => m.Import()).Message, StringComparison.Ordinal);
    }

    private static ImportedModel Import(TestModel model, Func<string, Action<ImportContext>?> importers) =>
        new GraphImporter(model.Proto, "net.onnx", new(), TestContext.Current.CancellationToken)
        {
            FindImporter = type => importers(type) ?? OperatorImporters.Find(type),
        }.Import();
}

using EthosU.Graphs;
using Xunit;

namespace EthosU.Interpreter.Tests;

/// <summary>What callers of the interpreter rely on besides the numbers.</summary>
public sealed class InterpreterTests
{
    private static readonly Quantization Unit = Quantization.PerTensor(1, 0);

    [Fact]
    public void WrongInputsNameBothSides()
    {
        GraphInterpreter interpreter = new(Sum());
        TensorData good = TensorData.From<sbyte>([1, 4], new sbyte[4]);
        string shape = Assert.Throws<ArgumentException>(() => interpreter.Run([good, TensorData.From<sbyte>([4], new sbyte[4])])).Message;
        Assert.Contains("'y' is int8[1, 4], given is int8[4]", shape, StringComparison.Ordinal);
        string type = Assert
            .Throws<ArgumentException>(() => interpreter.RunBatch([[good, TensorData.From<float>([1, 4], new float[4])]])).Message;
        Assert.Contains("'y' is int8[1, 4], given is float32[1, 4]", type, StringComparison.Ordinal);
        Assert.Contains("2 inputs, 1 are given", Assert.Throws<ArgumentException>(() => interpreter.Run([good])).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void AllNodesWithoutKernelAreNamed()
    {
        GraphBuilder builder = new();
        Tensor x = builder.AddInput("x", ElementType.Int8, [4], Unit);
        foreach (UnaryKind kind in (UnaryKind[])[UnaryKind.Sin, UnaryKind.Floor, UnaryKind.Cos])
        {
            x = new($"{kind} of x", ElementType.Int8, [4], Unit);
            builder.AddNode(
                new Node(new Unary(kind), [kind == UnaryKind.Sin ? builder.Build().Inputs[0] : builder.Build().Nodes[^1].Output], [x]));
        }
        builder.AddOutput(x);
        var e = Assert.Throws<UnsupportedModelException>(() => new GraphInterpreter(builder.Build()));
        Assert.Equal(["SIN", "FLOOR", "COS"], e.Findings.Select(finding => finding.Operator));
        Assert.Contains("int8", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ScalesOfTheWrongNumberAreRefused()
    {
        GraphBuilder builder = new();
        Tensor x = builder.AddInput("x", ElementType.Int8, [1, 2, 2, 1], Unit);
        Tensor w = builder.AddConstant("w", TensorData.From<sbyte>([3, 1, 1, 1], new sbyte[3]), Quantization.PerAxisSymmetric([1, 2], 0));
        Tensor y = new("y", ElementType.Int8, [1, 2, 2, 3], Unit);
        builder.AddNode(new Node(new Conv2D(Padding.Same, 1, 1), [x, w], [y]));
        builder.AddOutput(y);
        Assert.Contains("'w' has 2 scales for 3 channels",
            Assert.Throws<UnsupportedModelException>(() => new GraphInterpreter(builder.Build())).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(-1f)]
    public void ScalesThatAreNoneAreRefused(float scale)
    {
        GraphBuilder builder = new();
        Tensor x = builder.AddInput("x", ElementType.Int8, [4], Quantization.PerTensor(scale, 0));
        Tensor y = new("y", ElementType.Int8, [4], Unit);
        builder.AddNode(new Node(new Unary(UnaryKind.Relu), [x], [y]));
        builder.AddOutput(y);
        Assert.Contains("scale of 'x'", Assert.Throws<UnsupportedModelException>(() => new GraphInterpreter(builder.Build())).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(-5)]
    public void IndicesOutsideAreDescribed(int index)
    {
        GraphBuilder builder = new();
        Tensor x = builder.AddInput("x", ElementType.Int8, [4], Unit), i = builder.AddInput("i", ElementType.Int32, [1]);
        builder.AddOutput(builder.Add(new Gather(), "y", Source.None, x, i));
        GraphInterpreter interpreter = new(builder.Build());
        TensorData values = TensorData.Vector<sbyte>(1, 2, 3, 4);
        Assert.Equal([3], interpreter.Run([values, TensorData.Vector(2)])[0].AsSpan<sbyte>().ToArray());
        var e = Assert.Throws<UnsupportedModelException>(() => interpreter.Run([values, TensorData.Vector(index)]));
        Assert.Contains($"index {index}", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ObserversSeeEachTensor()
    {
        Graph graph = Sum();
        Dictionary<string, TensorData> seen = [];
        new GraphInterpreter(graph)
            .Run([TensorData.From<sbyte>([1, 4], [1, 2, 3, 4]), TensorData.From<sbyte>([1, 4], [10, 20, 30, 40])],
            (tensor, data) => seen.Add(tensor.Name, data));
        Assert.Equal(graph.Nodes.SelectMany(node => node.Outputs).Select(tensor => tensor.Name), seen.Keys);
        Assert.Equal([11, 22, 33, 44], seen["sum"].AsSpan<sbyte>().ToArray());
    }

    [Fact]
    public void CancellationStops()
    {
        using CancellationTokenSource source = new();
        source.Cancel();
        TensorData x = TensorData.From<sbyte>([1, 4], new sbyte[4]);
        Assert.ThrowsAny<OperationCanceledException>(() => new GraphInterpreter(Sum()).Run([x, x], null, source.Token));
        Assert.ThrowsAny<OperationCanceledException>(() => new GraphInterpreter(Sum()).RunBatch([[x, x]], null, source.Token));
    }

    [Fact]
    public void RunsAllocateTheOutputsAlone()
    {
        InterpreterSession session = new GraphInterpreter(Sum()).CreateSession();
        TensorData[] inputs = [TensorData.From<sbyte>([1, 4], [1, 2, 3, 4]), TensorData.From<sbyte>([1, 4], [10, 20, 30, 40])];
        session.Run(inputs);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
            session.Run(inputs);
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 100, 0, 400);
    }

    [Fact]
    public void CustomOperatorsAreGivenAway()
    {
        GraphBuilder builder = new();
        Tensor x = builder.AddInput("x", ElementType.Int8, [2], Unit), y = new("y", ElementType.Int8, [2], Unit);
        builder.AddNode(new Node(new Custom("twice", default), [x], [y]));
        builder.AddOutput(y);
        Graph graph = builder.Build();
        Assert.Contains("'twice'", Assert.Throws<UnsupportedModelException>(() => new GraphInterpreter(graph)).Message,
            StringComparison.Ordinal);
        GraphInterpreter interpreter =
            new(graph, new() { CustomOperator =
            (_, inputs) => [TensorData.Vector([.. inputs[0]!.AsSpan<sbyte>().ToArray().Select(v => (sbyte)(2 * v))])] });
        Assert.Equal([6, -8], interpreter.Run([TensorData.Vector<sbyte>(3, -4)])[0].AsSpan<sbyte>().ToArray());
        GraphInterpreter wrong = new(graph, new() { CustomOperator = (_, _) => [TensorData.Vector(1, 2)] });
        Assert.Contains("expected is int8[2]",
            Assert.Throws<UnsupportedModelException>(() => wrong.Run([TensorData.Vector<sbyte>(3, -4)])).Message, StringComparison.Ordinal);
    }

    private static Graph Sum()
    {
        GraphBuilder builder = new();
        Tensor x = builder.AddInput("x", ElementType.Int8, [1, 4], Unit), y = builder.AddInput("y", ElementType.Int8, [1, 4], Unit);
        Tensor sum = new("sum", ElementType.Int8, [1, 4], Unit), positive = new("positive", ElementType.Int8, [1, 4], Unit);
        builder.AddNode(new Node(new Binary(BinaryKind.Add), [x, y], [sum]));
        builder.AddNode(new Node(new Unary(UnaryKind.Relu), [sum], [positive]));
        builder.AddOutput(positive);
        return builder.Build();
    }
}

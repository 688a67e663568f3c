using EthosU.Graphs;
using Xunit;

namespace EthosU.Interpreter.Tests;

/// <summary>IF and WHILE run their graphs.</summary>
public sealed class ControlTests
{
    [Theory]
    [InlineData(true, new[] { 2, 4, 6 })]
    [InlineData(false, new[] { 1, 4, 9 })]
    public void IfRunsOneOfItsGraphs(bool condition, int[] expected)
    {
        GraphBuilder builder = new();
        Tensor c = builder.AddInput("c", ElementType.Bool, []), x = builder.AddInput("x", ElementType.Int32, [3]),
            y = new("y", ElementType.Int32, [3]);
        builder.AddNode(new Node(new If(Square(BinaryKind.Add), Square(BinaryKind.Mul)), [c, x], [y]));
        builder.AddOutput(y);

        TensorData[] result =
            new GraphInterpreter(builder.Build())
            .Run([new(ElementType.Bool, [], new[] { (byte)(condition ? 1 : 0) }), TensorData.Vector(1, 2, 3)], null,
            TestContext.Current.CancellationToken);

        Assert.Equal(expected, result[0].ToInt32Array());
    }

    [Theory]
    [InlineData(3, 24)]
    [InlineData(100, 100)]
    public void WhileRunsAsLongAsItsConditionHolds(int start, int expected)
    {
        TensorData[] result =
            new GraphInterpreter(Doubling(20)).Run([TensorData.Vector(start)], null, TestContext.Current.CancellationToken);

        Assert.Equal([expected], result[0].ToInt32Array());
    }

    [Fact]
    public void ALoopWithoutEndIsStoppedAndReported()
    {
        GraphInterpreter endless = new(Doubling(1));
        Assert.True(Enumerable.Range(0, 100).Any(_ => IsCancelledInside(endless)), "a loop never ended by its cancellation");
        var e = Assert.Throws<UnsupportedModelException>(
            () => endless.Run([TensorData.Vector(0)], null, TestContext.Current.CancellationToken));
        Assert.Contains("does not end within 100000 rounds", e.Message, StringComparison.Ordinal);
    }

    /// <summary>False if all rounds were over before the cancellation came: which one is first is up to the machine.</summary>
    private static bool IsCancelledInside(GraphInterpreter endless)
    {
        using CancellationTokenSource source = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        using Timer timer = new(_ => source.Cancel(), null, 1, Timeout.Infinite);
        try
        {
            endless.Run([TensorData.Vector(0)], null, source.Token); // 0 stays 0
        }
        catch (OperationCanceledException)
        {
            return true;
        }
        catch (UnsupportedModelException)
        {
        }
        return false;
    }

    [Fact]
    public void GraphsThatDoNotSuitAreRefused()
    {
        GraphBuilder builder = new();
        Tensor c = builder.AddInput("c", ElementType.Int32, []), x = builder.AddInput("x", ElementType.Int32, [4]),
            y = new("y", ElementType.Int32, [4]), z = new("z", ElementType.Int32, [4]);
        builder.AddNode(new Node(new If(Square(BinaryKind.Add), Square(BinaryKind.Mul)), [c, x], [y]));
        builder.AddNode(new Node(new While(Square(BinaryKind.Add), Square(BinaryKind.Mul)), [x], [z]));
        builder.AddOutput(y);
        builder.AddOutput(z);
        var e = Assert.Throws<UnsupportedModelException>(() => new GraphInterpreter(builder.Build()));
        Assert.Contains("Its condition is int32[]; one bool is expected.", e.Message, StringComparison.Ordinal);
        Assert.Contains("Inputs of its graph 'condition' are (int32[3]), but the operator has (int32[4]).", e.Message,
            StringComparison.Ordinal);
    }

    private static Graph Square(BinaryKind kind)
    {
        GraphBuilder builder = new();
        Tensor x = builder.AddInput("x", ElementType.Int32, [3]);
        builder.AddOutput(builder.Add(new Binary(kind), "y", Source.None, x, x));
        return builder.Build();
    }

    private static Graph Doubling(int limit)
    {
        GraphBuilder condition = new(), body = new(), builder = new();
        Tensor x = condition.AddInput("x", ElementType.Int32, [1]);
        condition.AddOutput(condition.Add(new Compare(CompareKind.Less), "c", Source.None, x, condition.AddIntegers("limit", limit)));
        x = body.AddInput("x", ElementType.Int32, [1]);
        body.AddOutput(body.Add(new Binary(BinaryKind.Add), "y", Source.None, x, x));
        x = builder.AddInput("x", ElementType.Int32, [1]);
        Tensor result = new("y", ElementType.Int32, [1]);
        builder.AddNode(new Node(new While(condition.Build(), body.Build()), [x], [result]));
        builder.AddOutput(result);
        return builder.Build();
    }
}

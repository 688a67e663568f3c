using EthosU.Graphs;
using Xunit;

namespace EthosU.Interpreter.Tests;

/// <summary>Resource variables: set once at start-up, kept from run to run, and at rest for each sample of a batch.</summary>
public sealed class VariableTests
{
    private static readonly Quantization Scale = Quantization.PerTensor(1, 0);

    private static Tensor Handle(string name) => new(name, ElementType.Resource, Shape.Scalar);

    /// <summary>y = x + state; state = y. CALL_ONCE sets the state to 5.</summary>
    private static Graph Accumulator(bool initialized)
    {
        Tensor x = new("x", ElementType.Int8, [1, 2], Scale), state = new("state", ElementType.Int8, [1, 2], Quantization.PerTensor(1, 0)),
            y = new("y", ElementType.Int8, [1, 2], Scale);
        Tensor handle = Handle("handle"), inner = Handle("inner");
        Graph initializer = new("init",
            [
                new(new VarHandle("", "sum"), [], [inner]),
                new(new AssignVariable(), [inner, new Tensor("five", TensorData.From<sbyte>([1, 2], [5, 5]), Scale)], []),
            ], [], []);
        Node[] nodes =
        [
            new(new VarHandle("", "sum"), [], [handle]),
            new(new ReadVariable(), [handle], [state]),
            new(new Binary(BinaryKind.Add), [x, state], [y]),
            new(new AssignVariable(), [handle, y], []),
        ];
        return new("accumulator", initialized ? [new(new CallOnce(initializer), [], []), .. nodes] : [.. nodes], [x], [y]);
    }

    private static sbyte[] Run(GraphInterpreter interpreter, sbyte a, sbyte b) =>
        interpreter.Run([TensorData.From<sbyte>([1, 2], [a, b])])[0].AsSpan<sbyte>().ToArray();

    [Fact]
    public void StateIsKeptFromRunToRunAndResetAtWill()
    {
        GraphInterpreter interpreter = new(Accumulator(initialized: true));
        Assert.Equal([6, 7], Run(interpreter, 1, 2));
        Assert.Equal([7, 9], Run(interpreter, 1, 2));
        interpreter.ResetVariables();
        Assert.Equal([6, 7], Run(interpreter, 1, 2));
    }

    [Fact]
    public void AVariableThatNothingSetHoldsZero() => Assert.Equal([1, 2], Run(new(Accumulator(initialized: false)), 1, 2));

    [Fact]
    public void SamplesOfABatchDoNotKnowOfEachOther()
    {
        TensorData[] sample = [TensorData.From<sbyte>([1, 2], [1, 2])];
        TensorData[][] results =
            new GraphInterpreter(Accumulator(initialized: true))
            .RunBatch([sample, sample, sample], cancellation: TestContext.Current.CancellationToken);
        Assert.All(results, result => Assert.Equal([6, 7], result[0].AsSpan<sbyte>().ToArray()));
    }

    [Fact]
    public void AHandleOfNowhereIsRefused()
    {
        Tensor handle = Handle("handle"), y = new("y", ElementType.Int8, [1, 2], Scale);
        Graph graph = new("g", [new(new ReadVariable(), [handle], [y])], [handle], [y]);
        Assert.Throws<UnsupportedModelException>(() => new GraphInterpreter(graph));
    }
}

using EthosU.Graphs;

namespace EthosU.Interpreter;

/// <summary>Choices of the interpreter.</summary>
public sealed record InterpreterOptions
{
    /// <summary>Runs custom operators: gets the node and its operands, gives its results. Null: custom operators are refused.</summary>
    public Func<Node, IReadOnlyList<TensorData?>, TensorData[]>? CustomOperator { get; init; }

    /// <summary>The memory that custom operators work on; null if they get and give values alone.</summary>
    internal IArenaOwner? ArenaOwner => CustomOperator?.Target as IArenaOwner;

    /// <summary>How convolutions and matrix products are computed; the results are the same bytes.</summary>
    public KernelPath Path { get; init; } = KernelPath.Fastest;
}

using EthosU.Graphs;

namespace EthosU.Interpreter;

/// <summary>Computes nodes whose operands are all constant.</summary>
public static class ConstantEvaluator
{
    /// <summary>The node's results; null if an operand is not constant or there is no kernel.</summary>
    public static TensorData[]? TryEvaluate(Node node)
    {
        InterpreterOptions options = new();
        if (node.Inputs.Any(input => input is { IsConstant: false }) || node.Operator is Custom || KernelTable.WhyNot(node, options) is not null)
            return null;
        return KernelTable.Run(new KernelCall(node, [.. node.Inputs.Select(input => input?.Data)], options, []));
    }
}

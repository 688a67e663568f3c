using EthosU.Graphs;
using EthosU.Interpreter.Float;
using EthosU.Interpreter.Movement;

namespace EthosU.Interpreter;

/// <summary>Which kernel runs which operator on which types.</summary>
internal static class KernelTable
{
    /// <summary>Runs a node.</summary>
    public static TensorData[] Run(KernelCall call) => Find(call.Node)!(call);

    /// <summary>Why a node cannot run; null if it can.</summary>
    public static string? WhyNot(Node node, InterpreterOptions options)
    {
        if (node.Operator is Custom custom)
            return options.CustomOperator is null ? $"The custom operator '{custom.CustomCode}' cannot run here." : null;
        if (Find(node) is not null)
            return null;
        string types = string.Join(", ", node.Inputs.Select(input => input?.Type.DisplayName() ?? "-"));
        return $"There is no kernel of {node.Operator.Name} for ({types}) → {(node.Outputs.IsEmpty ? "" : node.Output.Type.DisplayName())}.";
    }

    private static Func<KernelCall, TensorData[]>? Find(Node node)
    {
        if (node.Operator is Custom)
            return static call => call.Options.CustomOperator!(call.Node, call.Inputs);
        if (MovementKernels.Find(node) is { } movement)
            return movement;
        bool isFloat = node.Inputs.All(input => input?.Type is null or ElementType.Float32 or ElementType.Int32 or ElementType.Int64 or ElementType.Bool);
        return isFloat ? FloatKernels.Find(node) : null;
    }
}

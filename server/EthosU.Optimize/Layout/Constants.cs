using EthosU.Graphs;
using EthosU.Interpreter;

namespace EthosU.Optimize.Layout;

/// <summary>Computing with constants.</summary>
internal static class Constants
{
    public static TensorData Transpose(TensorData data, Permutation axes) =>
        axes.KeepsOrder(data.Shape)
            ? data.Reshape(data.Shape.Permute(axes.Axes.AsSpan()))
            : Evaluate(new Transpose(), data, TensorData.Vector<int>(axes.Axes.AsSpan()));

    /// <summary>The result of an operator on constants.</summary>
    /// <exception cref="InvalidOperationException">The interpreter has no kernel for it.</exception>
    public static TensorData Evaluate(Operator op, params ReadOnlySpan<TensorData> operands)
    {
        Tensor?[] inputs = [.. operands.ToArray().Select((data, i) => new Tensor($"operand {i}", data))];
        TensorType type = ShapeInference.Infer(op, [.. inputs], 1)[0];
        return ConstantEvaluator.TryEvaluate(new Node(op, [.. inputs], [new Tensor("result", type.Type, type.Shape)]))?[0]
            ?? throw new InvalidOperationException($"no kernel computes {op.Name} of constants");
    }
}

using EthosU.Graphs;
using EthosU.Interpreter;

namespace EthosU.Optimize.Tensors;

/// <summary>Computing with constants.</summary>
internal static class Constants
{
    /// <summary>A constant, arranged; orders along axes of size 1 do not matter.</summary>
    public static TensorData Arrange(TensorData data, Arrangement arrangement)
    {
        for (int axis = 0; axis < arrangement.Rank; axis++)
            if (arrangement.OrderOf(axis) is { } order && data.Shape[axis] != 1)
                data = Reorder(data, axis, order);
        return new Arrangement(arrangement.Axes).KeepsOrder(data.Shape)
            ? data.Reshape(arrangement.Apply(data.Shape))
            : Evaluate(new Transpose(), data, TensorData.Vector<int>(arrangement.Axes.AsSpan()));
    }

    /// <summary>A constant whose element i along an axis is its element order[i].</summary>
    public static TensorData Reorder(TensorData data, int axis, int[] order) =>
        Evaluate(new Gather(axis), data, TensorData.Vector<int>(order));

    /// <summary>True if an order takes each of a constant's elements along an axis once.</summary>
    public static bool Suits(TensorData? data, int axis, int[] order) =>
        data is not null && axis < data.Shape.Rank && data.Shape[axis] == order.Length;

    /// <summary>The quantization that a constant brings along if it has one scale, which no movement changes.</summary>
    public static Quantization? PerTensor(Tensor constant) => constant.Quantization is { IsPerAxis: false } quantization ? quantization
        : null;

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

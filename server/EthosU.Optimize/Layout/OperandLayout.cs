using EthosU.Graphs;
using EthosU.Optimize.Tensors;

namespace EthosU.Optimize.Layout;

/// <summary>What an operand of a node becomes when the node runs in another layout. Neither given: it stays as it is.</summary>
/// <param name="Axes">The operand, transposed so.</param>
/// <param name="Constant">This constant.</param>
/// <param name="Reshaped">The operand under this shape.</param>
/// <param name="Quantization">The quantization that the constant brings along from training.</param>
internal readonly record struct OperandLayout(Arrangement? Axes = null, TensorData? Constant = null, Shape? Reshaped = null,
    Quantization? Quantization = null)
{
    /// <summary>Weights in another order along an axis, with the quantization that they bring along.</summary>
    public static OperandLayout OfReordered(Tensor weights, int axis, int[] order)
    {
        Quantization? quantization = weights.Quantization is { IsPerAxis: true } q && q.Axis == axis
            ? Quantization.PerAxis([.. order.Select(i => q.Scales[i])], [.. order.Select(i => q.ZeroPoints[i])], axis)
            : weights.Quantization;
        return new(Constant: Constants.Reorder(weights.Data!, axis, order), Quantization: quantization);
    }
}

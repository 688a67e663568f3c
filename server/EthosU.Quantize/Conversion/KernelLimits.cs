using EthosU.Graphs;

namespace EthosU.Quantize.Conversion;

/// <summary>Scales that integer kernels take (tflite-kernels 1.5, 2 and 3.4).</summary>
internal static class KernelLimits
{
    private const int FinestCompared = -10;

    /// <summary>
    /// The finest scale that the result of a sum or product may have: its factor, twice the larger operand's scale or the product of both
    /// by the result's, stays below 2²⁰ (8 bits) or 2¹⁵ (16 bits), and 2³¹. Nothing is lost: the operands are not as fine. 0 for other
    /// operators.
    /// </summary>
    /// <param name="node">An operator in integers.</param>
    /// <param name="type">The type it computes in.</param>
    /// <param name="scale">The scale of an operand.</param>
    public static double FinestResult(Node node, ElementType type, Func<Tensor, double> scale) => node.Operator switch
    {
        // A factor of two or four from the limit, which rounding must not reach.
        Binary { Kind: BinaryKind.Add or BinaryKind.Sub } =>
            Math.Max(scale(node.Input(0)), scale(node.Input(1))) * Math.ScaleB(1, type == ElementType.Int8 ? -18 : -13),
        Binary { Kind: BinaryKind.Mul } => scale(node.Input(0)) * scale(node.Input(1)) * Math.ScaleB(1, -29),
        _ => 0,
    };

    /// <summary>
    /// Why a comparison in 8 bits would not do; null if it does. Its kernel brings each operand to steps of 1/256 by its own scale, which
    /// must be below 1;
    /// of one far below 1/256 it sees little or nothing.
    /// </summary>
    public static string? WhyNotCompared(Node node, Func<Tensor, double> scale)
    {
        if (node.Operator is not Compare)
            return null;
        double[] scales = [scale(node.Input(0)), scale(node.Input(1))];
        return scales.Max() >= 1 ? $"the 8-bit comparison takes no scale of 1 and more, and an operand has {(float)scales.Max()}"
            : scales.Min() < Math.ScaleB(1, FinestCompared)
            ? $"the 8-bit comparison is too coarse for the scale {(float)scales.Min()} of an operand" : null;
    }
}

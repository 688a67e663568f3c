using EthosU.Graphs;
using EthosU.Npu.Operations;

namespace EthosU.Npu.Performance;

/// <summary>Which row of the output rates an operation takes (npu-scheduling 5.2).</summary>
internal static class OutputCosts
{
    /// <summary>The kind of an elementwise operation's output.</summary>
    /// <param name="mode">What is computed.</param>
    /// <param name="isBinary">True if there is a second operand, be it a scalar.</param>
    public static OutputKind Kind(ElementwiseMode mode, bool isBinary) => mode switch
    {
        ElementwiseMode.Mul => OutputKind.Multiply,
        ElementwiseMode.Add or ElementwiseMode.Sub => OutputKind.Add,
        _ => isBinary ? OutputKind.Binary : OutputKind.Unary,
    };

    /// <summary>What happens to results, as far as it takes time.</summary>
    /// <param name="activation">Function and limits.</param>
    /// <param name="type">Type of the output.</param>
    /// <param name="zeroPoint">The output's zero point.</param>
    /// <param name="isPooling">True for pooling, which has no ReLU of its own.</param>
    public static ActivationKind Activation(NpuActivation activation, ElementType type, int zeroPoint, bool isPooling)
    {
        if (activation.Function != 0)
            return ActivationKind.Table;
        (int min, int max) = type switch
        {
            ElementType.Int8 => (sbyte.MinValue, sbyte.MaxValue),
            ElementType.UInt8 => (byte.MinValue, byte.MaxValue),
            ElementType.Int16 => (short.MinValue, short.MaxValue),
            _ => (int.MinValue, int.MaxValue),
        };
        // A ReLU at the end of the type's range leaves no other trace than the zero point.
        bool isRelu = activation.Min == zeroPoint && !isPooling;
        return isRelu || activation.Min > min || activation.Max < max ? ActivationKind.Clamp : ActivationKind.None;
    }
}

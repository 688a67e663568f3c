using EthosU.Graphs;

namespace EthosU.Npu.Indices;

/// <summary>Operands that must be constant whole numbers: axes, indices, sizes.</summary>
internal static class ConstantIntegers
{
    /// <summary>The numbers; null if the operand is missing, is computed, or holds something else.</summary>
    public static long[]? Of(Node node, int operand) =>
        node.TryInput(operand)?.Data is { Type: ElementType.Int8 or ElementType.UInt8 or ElementType.Int16 or ElementType.Int32
            or ElementType.Int64 } data ? data.ToInt64Array() : null;
}

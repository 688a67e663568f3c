using EthosU.Arithmetic;
using EthosU.Graphs;

namespace EthosU.Npu.Rewrites;

/// <summary>Comparisons of int8 as the kernel makes them: both operands in a common unit (tflite-kernels 3.4).</summary>
internal static class Comparison
{
    private const int Shift = 8;

    /// <summary>True if the kernel compares these operands, and what it compares is known.</summary>
    public static bool IsKnown(Node node) =>
        node is { Operator: Compare, Inputs: [{ } a, { } b] } && a.Type == ElementType.Int8 && b.Type == ElementType.Int8
        && IsBelowOne(a) && IsBelowOne(b);

    /// <summary>What each stored value becomes, from the least on.</summary>
    public static int[] Values(Tensor tensor)
    {
        Rescaling rescaling =
            new(tensor.Quantization!.ZeroPoint, true, Shift, Multiplier.SmallerThanOne(tensor.Quantization.Scale));
        return [.. Enumerable.Range(sbyte.MinValue, 256).Select(rescaling.Apply)];
    }

    /// <summary>True if stored values can be compared instead.</summary>
    public static bool IsOfStored(Node node)
    {
        if (!Equals(node.Input(0).Quantization, node.Input(1).Quantization))
            return false;
        int[] values = Values(node.Input(0));
        return Enumerable.Range(1, values.Length - 1).All(i => values[i] > values[i - 1]);
    }

    /// <summary>True if a first operand that is so much larger than the second one satisfies the comparison.</summary>
    public static bool Holds(CompareKind kind, int difference) => kind switch
    {
        CompareKind.Less => difference < 0,
        CompareKind.Greater => difference > 0,
        CompareKind.LessEqual => difference <= 0,
        CompareKind.GreaterEqual => difference >= 0,
        CompareKind.Equal => difference == 0,
        _ => difference != 0,
    };

    private static bool IsBelowOne(Tensor tensor) =>
        tensor.Quantization is { IsPerAxis: false, Scale: > 1e-30f and < 0.999f } quantization
        && quantization.ZeroPoints[0] is >= sbyte.MinValue and <= sbyte.MaxValue;
}

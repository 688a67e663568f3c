using System.Numerics;
using System.Runtime.InteropServices;

namespace EthosU.Quantize.Weights;

/// <summary>Sums of products, element by element: the same on every machine, however wide its vectors are.</summary>
internal static class VectorSums
{
    /// <summary>Adds a factor times values to sums; product and sum are rounded each.</summary>
    public static void AddProduct(Span<float> sums, ReadOnlySpan<float> values, float factor)
    {
        if (factor == 0)
            return;
        Span<Vector<float>> wide = MemoryMarshal.Cast<float, Vector<float>>(sums);
        ReadOnlySpan<Vector<float>> wideValues = MemoryMarshal.Cast<float, Vector<float>>(values[..sums.Length]);
        for (int i = 0; i < wide.Length; i++)
            wide[i] += wideValues[i] * factor;
        for (int i = wide.Length * Vector<float>.Count; i < sums.Length; i++)
            sums[i] += values[i] * factor;
    }
}

using System.Collections.Immutable;

namespace EthosU.Npu.Weights;

/// <summary>Scale records and compressed weights of an operation, as they lie in constant memory (npu-weights 1.7).</summary>
/// <param name="Bytes">All depth slices and cores in order.</param>
/// <param name="Ranges">Where they lie: by depth slice, then by core. A core without channels has a range of no bytes.</param>
internal sealed record PackedWeights(byte[] Bytes, ImmutableArray<WeightRange> Ranges)
{
    /// <summary>Bytes that a depth slice occupies, all cores together.</summary>
    public int SliceBytes(int sliceStart) => Ranges.Where(r => r.SliceStart == sliceStart).Sum(r => r.TotalBytes);

    /// <summary>
    /// Bytes of the two buffers that take turns holding the depth slices: the largest even-numbered and the largest
    /// odd-numbered slice; the second is 0 if there is one slice only.
    /// </summary>
    public (int Even, int Odd) DoubleBufferBytes()
    {
        int[] slices = [.. Ranges.Select(r => r.SliceStart).Distinct().Select(SliceBytes)];
        return (slices.Where((_, i) => i % 2 == 0).DefaultIfEmpty().Max(), slices.Where((_, i) => i % 2 == 1).DefaultIfEmpty().Max());
    }
}

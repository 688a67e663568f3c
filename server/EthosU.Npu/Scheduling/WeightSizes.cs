using EthosU.Npu.Operations;
using EthosU.Npu.Weights;

namespace EthosU.Npu.Scheduling;

/// <summary>Bytes of encoded weights and scale records.</summary>
/// <param name="Weights">Bytes of all weight streams.</param>
/// <param name="Scales">Bytes of the scale records with their padding.</param>
internal readonly record struct WeightSizes(long Weights, long Scales)
{
    /// <summary>Both.</summary>
    public long Total => Weights + Scales;

    /// <summary>
    /// A guess before anything is encoded: what a code of the values' frequencies takes. Good enough to compare blocks by.
    /// </summary>
    public static WeightSizes Guess(NpuWeights weights)
    {
        Dictionary<short, int> counts = [];
        foreach (short value in weights.Filter)
            counts[value] = counts.GetValueOrDefault(value) + 1;
        double bits = 0, all = weights.Filter.Length;
        foreach (int count in counts.Values)
            bits -= count * Math.Log2(count / all);
        return new((long)(bits / 8) + 16, ((weights.OutputDepth * ScaleRecord.ByteCount) + 15) / 16 * 16);
    }
}

using EthosU.Npu.Targets;

namespace EthosU.Npu.Performance;

/// <summary>What short bursts cost (npu-scheduling 5.2).</summary>
internal static class BurstModel
{
    /// <summary>The amount that takes as long in full bursts as <paramref name="amount"/> takes in the bursts of a feature map.</summary>
    /// <param name="amount">Bytes, or elements.</param>
    /// <param name="map">The feature map.</param>
    /// <param name="block">Block in which it is read or written.</param>
    /// <param name="isWrite">True for writing.</param>
    /// <param name="target">The target.</param>
    /// <param name="model">The model.</param>
    public static double Effective(double amount, FeatureMapProfile map, BlockShape block, bool isWrite, Target target, CycleModel model)
    {
        int full = target.Timing(map.Memory).BurstLength;
        long burst = Math.Max(1, BurstBits(map, block, isWrite, target.Accelerator.Cores, model) / 8);
        return amount * full / Math.Min(full, burst);
    }

    /// <summary>
    /// The amount that an operation's accesses to a feature map take. Vela 5 counts elements here, whatever their width.
    /// </summary>
    public static double OfAccess(
        long elements, FeatureMapProfile map, BlockShape block, bool isWrite, Target target, CycleModel model) =>
        Effective(model == CycleModel.Vela3 ? (double)elements * map.Bytes : elements, map, block, isWrite, target, model);

    private static long BurstBits(FeatureMapProfile map, BlockShape block, bool isWrite, int cores, CycleModel model)
    {
        long wholeRow = (long)map.Bits * block.Depth * block.Width;
        if (map.IsBricked)
        {
            bool isContiguous = 16L * map.Bytes * map.Shape.Width == block.Depth;
            return isContiguous ? wholeRow : 16L * map.Bits * block.Width * (isWrite ? cores : 1);
        }
        bool rowIsContiguous = (model == CycleModel.Vela3 ? map.Bytes : (long)map.Shape.Depth * map.Bytes) == block.Depth;
        if (!isWrite)
            return rowIsContiguous ? wholeRow : (long)map.Bits * block.Depth;
        return rowIsContiguous && block.Depth <= 16 ? wholeRow
            : Math.Min(512, Math.Min(16L * map.Bits * cores, (long)map.Bits * block.Depth));
    }
}

namespace EthosU.Quantize;

/// <summary>
/// Gives memory back between the stages of a conversion. Copies of a network's weights are few and large: the collector, which waits for
/// a share of what lives, would come when several are dead.
/// </summary>
internal static class Garbage
{
    private const long Worthwhile = 1 << 26; // bytes; below, the time is worth more

    /// <summary>Collects what is dead if much may be.</summary>
    public static void Release()
    {
        if (GC.GetTotalMemory(false) > Worthwhile)
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }
}

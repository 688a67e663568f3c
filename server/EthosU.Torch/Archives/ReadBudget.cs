namespace EthosU.Torch.Archives;

/// <summary>
/// How much may be read out of an archive in all, those inside it included: its bytes once, since entries that overlap could be read for
/// ever, and of packed entries what a network can reasonably unpack to.
/// </summary>
/// <param name="length">The length of the outermost archive.</param>
internal sealed class ReadBudget(long length)
{
    private const long LeastUnpacked = 256 << 20;
    private const int LargestGrowth = 20;
    private long stored = length, unpacked = Math.Max(LeastUnpacked, length * LargestGrowth);

    /// <summary>Takes bytes that are stored as they are; false if there are no more.</summary>
    public bool TakeStored(long count) => (stored -= count) >= 0;

    /// <summary>Adds the bytes of an archive that was packed in another.</summary>
    public void AddStored(long count) => stored += count;

    /// <summary>Takes bytes that are unpacked; false if there are no more.</summary>
    public bool TakeUnpacked(long count) => (unpacked -= count) >= 0;
}

namespace EthosU.Torch.Archives;

/// <summary>A file in a zip archive, as the archive's directory describes it.</summary>
/// <param name="Name">Its path in the archive.</param>
/// <param name="Header">Where its own header begins, from the start of the archive.</param>
/// <param name="Packed">How many bytes it takes in the archive.</param>
/// <param name="Length">How many bytes it has.</param>
/// <param name="Checksum">The CRC-32 of its bytes.</param>
/// <param name="Method">How it is packed: 0 not at all, 8 deflated.</param>
/// <param name="IsEncrypted">True if a password is needed.</param>
internal sealed record ArchiveEntry(string Name, long Header, long Packed, long Length, uint Checksum, int Method, bool IsEncrypted);

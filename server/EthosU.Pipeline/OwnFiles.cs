using EthosU.Files;

namespace EthosU.Pipeline;

/// <summary>Tells the files that this program made from those of others, by the mark that it puts into them.</summary>
public static class OwnFiles
{
    private const int Block = 1 << 20;

    private static ReadOnlySpan<byte> Mark => "Ethos-U Bridge"u8;

    /// <summary>
    /// True if there is no such file, or one that this program wrote: then nothing of a user's is lost by writing it again.
    /// </summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static bool MayReplace(string path, CancellationToken cancellation = default)
    {
        if (!InputFile.Exists(path))
            return true;
        using FileStream stream = InputFile.OpenRead(path);
        var block = new byte[Block + Mark.Length];
        int kept = 0;
        for (int read = stream.Read(block.AsSpan(kept)); read > 0; read = stream.Read(block.AsSpan(kept)))
        {
            cancellation.ThrowIfCancellationRequested();
            Span<byte> seen = block.AsSpan(0, kept + read);
            if (seen.IndexOf(Mark) >= 0)
                return true;
            // The mark may lie across the border of two blocks.
            kept = Math.Min(Mark.Length - 1, seen.Length);
            seen[^kept..].CopyTo(block);
        }
        return false;
    }
}

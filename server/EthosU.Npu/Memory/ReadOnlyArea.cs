namespace EthosU.Npu.Memory;

/// <summary>The read-only data of all NPU operators of a model: equal contents are stored once.</summary>
internal sealed class ReadOnlyArea
{
    private readonly Dictionary<Content, long> places = [];
    private readonly List<ReadOnlyMemory<byte>> parts = [];

    /// <summary>Bytes so far.</summary>
    public long Size { get; private set; }

    /// <summary>Stores bytes at a multiple of 16.</summary>
    /// <returns>The first byte's place.</returns>
    public long Add(ReadOnlyMemory<byte> bytes)
    {
        Content content = new(bytes);
        if (places.TryGetValue(content, out long place))
            return place;
        place = Size;
        places.Add(content, place);
        parts.Add(bytes);
        Size += (bytes.Length + 15) / 16 * 16;
        return place;
    }

    /// <summary>All of it.</summary>
    public byte[] ToArray()
    {
        var all = new byte[checked((int)Size)];
        int position = 0;
        foreach (ReadOnlyMemory<byte> part in parts)
        {
            part.CopyTo(all.AsMemory(position));
            position += (part.Length + 15) / 16 * 16;
        }
        return all;
    }

    private readonly record struct Content(ReadOnlyMemory<byte> Bytes)
    {
        public bool Equals(Content other) => Bytes.Span.SequenceEqual(other.Bytes.Span);

        public override int GetHashCode()
        {
            HashCode hash = default;
            ReadOnlySpan<byte> bytes = Bytes.Span;
            hash.Add(bytes.Length);
            hash.AddBytes(bytes[..Math.Min(bytes.Length, 256)]);
            return hash.ToHashCode();
        }
    }
}

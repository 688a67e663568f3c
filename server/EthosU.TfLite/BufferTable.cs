using Google.FlatBuffers;
using S = EthosU.TfLite.Schema;

namespace EthosU.TfLite;

/// <summary>The buffers of a model being written; number 0 is empty, equal contents are written once (tflite-format 5).</summary>
internal sealed class BufferTable
{
    private const int Alignment = 16;
    private readonly FlatBufferBuilder builder;
    private readonly List<Offset<S.Buffer>> buffers = [];
    private readonly Dictionary<int, List<(uint Index, ReadOnlyMemory<byte> Data)>> written = [];

    public BufferTable(FlatBufferBuilder builder)
    {
        this.builder = builder;
        buffers.Add(S.Buffer.CreateBuffer(builder));
    }

    /// <summary>The number of the buffer with this content.</summary>
    public uint Add(ReadOnlyMemory<byte> data)
    {
        HashCode hash = default;
        hash.AddBytes(data.Span);
        int key = hash.ToHashCode();
        if (!written.TryGetValue(key, out var same))
            written[key] = same = [];
        foreach ((uint index, ReadOnlyMemory<byte> content) in same)
            if (content.Span.SequenceEqual(data.Span))
                return index;
        builder.StartVector(1, data.Length, Alignment);
        if (!data.IsEmpty)
            builder.Add(data.ToArray());
        buffers.Add(S.Buffer.CreateBuffer(builder, builder.EndVector()));
        same.Add(((uint)buffers.Count - 1, data));
        return (uint)buffers.Count - 1;
    }

    public Offset<S.Buffer>[] Finish() => [.. buffers];
}

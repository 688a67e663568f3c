using System.Buffers.Binary;
using System.Collections.Immutable;
using EthosU.Graphs;

namespace EthosU.Npu.Commands;

/// <summary>The metadata <c>OfflineMemoryAllocation</c>: where tensors lie in the arena (npu-commands 1.7).</summary>
/// <param name="SubgraphCount">Number of subgraphs as written.</param>
/// <param name="Offsets">
/// For each tensor, in the order of the file's tensors, its byte offset in the arena, or −1 if the runtime places it or it is constant.
/// </param>
public sealed record OfflineMemoryPlan(int SubgraphCount, ImmutableArray<int> Offsets)
{
    /// <summary>The name of the metadata.</summary>
    public const string MetadataName = "OfflineMemoryAllocation";

    private const int HeaderWords = 3;

    /// <summary>The plan of a graph; null if it has none.</summary>
    /// <exception cref="ModelFormatException">The metadata is damaged.</exception>
    public static OfflineMemoryPlan? Of(Graph graph, string fileName)
    {
        foreach ((string name, ReadOnlyMemory<byte> data) in graph.Metadata)
            if (name == MetadataName)
                return Decode(data.Span, fileName);
        return null;
    }

    /// <summary>Reads the metadata's bytes.</summary>
    /// <exception cref="ModelFormatException">They are damaged.</exception>
    public static OfflineMemoryPlan Decode(ReadOnlySpan<byte> bytes, string fileName)
    {
        if (bytes.Length < 4 * HeaderWords || bytes.Length % 4 != 0)
            throw new ModelFormatException(fileName, MetadataName, $"{bytes.Length} bytes are no memory plan");
        int version = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        int count = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]);
        if (version != 0 || count != bytes.Length / 4 - HeaderWords)
            throw new ModelFormatException(fileName, MetadataName,
                $"version {version} with {count} tensors in {bytes.Length} bytes; version 0 and an offset for each tensor were expected");
        var offsets = ImmutableArray.CreateBuilder<int>(count);
        for (int i = 0; i < count; i++)
            offsets.Add(BinaryPrimitives.ReadInt32LittleEndian(bytes[(4 * (HeaderWords + i))..]));
        return new(BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]), offsets.MoveToImmutable());
    }

    /// <summary>The metadata's bytes.</summary>
    public byte[] Encode()
    {
        var bytes = new byte[4 * (HeaderWords + Offsets.Length)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), SubgraphCount);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), Offsets.Length);
        for (int i = 0; i < Offsets.Length; i++)
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4 * (HeaderWords + i)), Offsets[i]);
        return bytes;
    }
}

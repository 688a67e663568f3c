namespace EthosU.Npu.Operations;

/// <summary><c>NPU_OP_DMA_START</c>: a copy (npu-commands 7.7).</summary>
public sealed record DmaOperation : StreamOperation
{
    /// <summary>Where from.</summary>
    public required DmaEnd Source { get; init; }

    /// <summary>Where to.</summary>
    public required DmaEnd Destination { get; init; }

    /// <summary>Bytes of the copy, or of each of its rows.</summary>
    public required long Length { get; init; }

    /// <summary>Rows of a copy with strides (U65).</summary>
    public int Rows { get; init; } = 1;

    /// <summary>Planes of a copy of three dimensions (U65).</summary>
    public int Planes { get; init; } = 1;

    /// <summary>Bytes left out behind each row on the sides with strides.</summary>
    public long RowSkip { get; init; }

    /// <summary>Bytes left out behind each plane on the sides with strides.</summary>
    public long PlaneSkip { get; init; }

    /// <summary>Indices that say which rows are read or written; null if they follow each other (npu-u85 8.1).</summary>
    public DmaIndices? Indices { get; init; }

    /// <summary>Bytes from a row to the next.</summary>
    public long RowStep(in DmaEnd end) => end.RowStride ?? (Length + (end.StrideMode >= 1 ? RowSkip : 0));

    /// <summary>Bytes from a plane to the next.</summary>
    public long PlaneStep(in DmaEnd end) => end.PlaneStride ?? ((Length * Rows) + (end.StrideMode >= 2 ? PlaneSkip : 0));
}

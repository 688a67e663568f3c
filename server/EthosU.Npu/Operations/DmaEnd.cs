namespace EthosU.Npu.Operations;

/// <summary>Source or destination of a transfer.</summary>
/// <param name="Region">The region; for the shared RAM the mask of cores.</param>
/// <param name="Address">Byte offset in the region, or byte address in the shared RAM.</param>
public readonly record struct DmaEnd(int Region, long Address)
{
    /// <summary>True for the shared RAM.</summary>
    public bool IsSharedRam { get; init; }

    /// <summary>Bytes from a row to the next where they are said; null where skips are.</summary>
    public long? RowStride { get; init; }

    /// <summary>Bytes from a plane to the next where they are said; null where skips are.</summary>
    public long? PlaneStride { get; init; }

    /// <summary>True if indices choose the rows.</summary>
    public bool IsIndexed { get; init; }

    /// <summary>0: the bytes are next to each other; 1: in rows; 2: in rows and planes.</summary>
    public int StrideMode { get; init; }

    /// <summary>The shared RAM of both cores, as lookup tables are uploaded on every accelerator.</summary>
    public static DmaEnd SharedRam(long address) => new(3, address) { IsSharedRam = true };
}

namespace EthosU.Npu.Operations;

/// <summary>A lookup table (npu-u85 4.4).</summary>
/// <param name="Kind">What it maps.</param>
/// <param name="Number">Its place among tables of its size.</param>
public readonly record struct TypedTable(TableKind Kind, int Number)
{
    /// <summary>True if there is one.</summary>
    public bool IsUsed => Kind != TableKind.None;

    /// <summary>Bytes of a table of this kind.</summary>
    public int Bytes => Kind switch
    {
        TableKind.None => 0,
        TableKind.UInt8ToUInt8 or TableKind.Int8ToInt8 => 256,
        TableKind.Int8ToInt16 => 512,
        TableKind.Int8ToInt32 => 1024,
        _ => 2048,
    };

    /// <summary>Where it begins in the memory of tables.</summary>
    public int Address => Number * Bytes;
}

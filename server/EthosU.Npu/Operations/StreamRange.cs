namespace EthosU.Npu.Operations;

/// <summary>A part of a region.</summary>
/// <param name="Address">Byte offset of the first byte.</param>
/// <param name="Length">Bytes; 0 if there is nothing.</param>
public readonly record struct StreamRange(long Address, long Length)
{
    /// <summary>Byte offset behind the last byte.</summary>
    public long End => Address + Length;
}

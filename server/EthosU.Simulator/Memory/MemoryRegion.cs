using System.Runtime.InteropServices;

namespace EthosU.Simulator;

/// <summary>
/// A region's bytes, and for each of a writable region the number of the operation that wrote it: 0 never, 1 written from outside or long ago.
/// </summary>
internal sealed class MemoryRegion
{
    private const ushort Unwritten = 0;
    private const ushort Written = 1;
    private readonly ReadOnlyMemory<byte> content;
    private readonly ushort[] writers;

    public MemoryRegion(ReadOnlyMemory<byte> content)
    {
        this.content = content;
        writers = [];
        IsReadOnly = true;
    }

    public MemoryRegion(int size, byte fill)
    {
        byte[] bytes = new byte[size];
        bytes.AsSpan().Fill(fill);
        content = bytes;
        writers = new ushort[size];
    }

    public bool IsReadOnly { get; }

    public int Size => content.Length;

    public ReadOnlySpan<byte> Content => content.Span;

    public Span<byte> Bytes => MemoryMarshal.AsMemory(content).Span;

    public void MarkWritten(int address, int length) => writers.AsSpan(address, length).Fill(Written);

    /// <summary>Marks bytes as written by an operation; false if that one has written some of them already.</summary>
    public bool MarkWritten(int address, int length, ushort writer)
    {
        Span<ushort> span = writers.AsSpan(address, length);
        bool first = !span.Contains(writer);
        span.Fill(writer);
        return first;
    }

    /// <summary>Takes over from another place which bytes are written.</summary>
    public void CopyWriters(int address, MemoryRegion source, int sourceAddress, int length, ushort writer)
    {
        Span<ushort> target = writers.AsSpan(address, length);
        if (source.IsReadOnly)
        {
            target.Fill(writer);
            return;
        }
        source.writers.AsSpan(sourceAddress, length).CopyTo(target);
        foreach (ref ushort value in target)
            value = value == Unwritten ? Unwritten : writer;
    }

    public bool IsWritten(int address, int length) => IsReadOnly || !writers.AsSpan(address, length).Contains(Unwritten);

    public bool IsWrittenBy(int address, int length, ushort writer) => !IsReadOnly && writers.AsSpan(address, length).Contains(writer);

    public int CountUnwritten(int address, int length) => IsReadOnly ? 0 : writers.AsSpan(address, length).Count(Unwritten);

    /// <summary>Forgets which operation wrote what.</summary>
    public void ForgetWriters()
    {
        foreach (ref ushort value in writers.AsSpan())
            value = Math.Min(value, Written);
    }
}

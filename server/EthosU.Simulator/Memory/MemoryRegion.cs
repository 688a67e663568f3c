using System.Runtime.InteropServices;

namespace EthosU.Simulator;

/// <summary>
/// A region's bytes, and for each of a writable region the number of the operation that wrote it: 0 never, 1 written from outside or long
/// ago. Memory that nothing uses is never touched, so that a region costs what is used of it.
/// </summary>
internal sealed class MemoryRegion
{
    private const ushort Unwritten = 0;
    private const ushort Written = 1;
    private readonly ReadOnlyMemory<byte> content;
    private readonly ushort[] writers;
    private int usedFrom, usedTo;

    public MemoryRegion(ReadOnlyMemory<byte> content)
    {
        this.content = content;
        writers = [];
        IsReadOnly = true;
    }

    public MemoryRegion(byte[] bytes)
    {
        content = bytes;
        writers = new ushort[bytes.Length];
        usedFrom = bytes.Length;
    }

    public bool IsReadOnly { get; }

    public int Size => content.Length;

    public ReadOnlySpan<byte> Content => content.Span;

    public Span<byte> Bytes => MemoryMarshal.AsMemory(content).Span;

    public void MarkWritten(int address, int length) => Used(address, length).Fill(Written);

    /// <summary>Marks bytes as written by an operation; false if that one has written some of them already.</summary>
    public bool MarkWritten(int address, int length, ushort writer)
    {
        Span<ushort> span = Used(address, length);
        bool first = !span.Contains(writer);
        span.Fill(writer);
        return first;
    }

    /// <summary>Takes over from another place which bytes are written.</summary>
    public void CopyWriters(int address, MemoryRegion source, int sourceAddress, int length, ushort writer)
    {
        Span<ushort> target = Used(address, length);
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

    /// <summary>True if an operation with a larger number has written one of the bytes.</summary>
    public bool IsWrittenAfter(int address, int length, ushort writer) =>
        !IsReadOnly && writers.AsSpan(address, length).ContainsAnyExceptInRange((ushort)0, writer);

    public int CountUnwritten(int address, int length) => IsReadOnly ? 0 : writers.AsSpan(address, length).Count(Unwritten);

    /// <summary>Forgets which operation wrote what.</summary>
    public void ForgetWriters()
    {
        foreach (ref ushort value in writers.AsSpan(Math.Min(usedFrom, usedTo)..usedTo))
            value = Math.Min(value, Written);
    }

    /// <summary>Forgets that anything was written.</summary>
    public void ForgetAll()
    {
        writers.AsSpan(Math.Min(usedFrom, usedTo)..usedTo).Clear();
        (usedFrom, usedTo) = (writers.Length, 0);
    }

    private Span<ushort> Used(int address, int length)
    {
        if (length > 0)
            (usedFrom, usedTo) = (Math.Min(usedFrom, address), Math.Max(usedTo, address + length));
        return writers.AsSpan(address, length);
    }
}

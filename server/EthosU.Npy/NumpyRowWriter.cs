using EthosU.Graphs;

namespace EthosU.Npy;

/// <summary>Writes an array row by row over its first axis, so that memory does not grow with the number of rows.</summary>
public sealed class NumpyRowWriter
{
    private readonly Func<Stream> stream;
    private readonly int rowCount;
    private readonly int rowBytes;

    /// <summary>Writes the header of an array.</summary>
    /// <param name="stream">Where to, asked for at each write: a file may be closed in between, and opened again at its end. It is not
    /// closed here.</param>
    /// <param name="type">Element type.</param>
    /// <param name="rowShape">The shape of one row.</param>
    /// <param name="rowCount">How many rows will follow.</param>
    /// <exception cref="ArgumentException">NumPy files have no such type.</exception>
    public NumpyRowWriter(Func<Stream> stream, ElementType type, Shape rowShape, int rowCount)
    {
        this.stream = stream;
        this.rowCount = rowCount;
        rowBytes = checked((int)(rowShape.ElementCount * type.ByteSize()));
        stream().Write(NumpyHeader.Write(type, [rowCount, .. rowShape]));
    }

    /// <summary>The number of rows written.</summary>
    public int Position { get; private set; }

    /// <summary>Writes the next row.</summary>
    /// <exception cref="ArgumentException">It has not the number of bytes that type and shape need.</exception>
    /// <exception cref="InvalidOperationException">All rows are written.</exception>
    public void Write(ReadOnlySpan<byte> row)
    {
        if (row.Length != rowBytes)
            throw new ArgumentException($"a row takes {rowBytes} bytes, not {row.Length}", nameof(row));
        if (Position == rowCount)
            throw new InvalidOperationException($"all {rowCount} rows are written");
        stream().Write(row);
        Position++;
    }
}

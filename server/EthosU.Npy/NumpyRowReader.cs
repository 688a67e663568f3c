using EthosU.Graphs;

namespace EthosU.Npy;

/// <summary>
/// Reads an array row by row over its first axis, so that memory does not grow with the number of rows. An array in Fortran order, whose
/// rows do not lie together, is read whole at the first row.
/// </summary>
public sealed class NumpyRowReader : IDisposable
{
    private readonly Stream stream;
    private readonly IDisposable? owner;
    private readonly NumpyHeader header;
    private readonly string name;
    private byte[]? whole;

    internal NumpyRowReader(Stream stream, long length, string name, IDisposable? owner)
    {
        header = NumpyHeader.Read(stream, length, name);
        RowShape = header.Shape.Rank == 0 ? header.Shape : header.Shape.Without(0);
        long bytes = RowShape.ElementCount * header.Type.ByteSize();
        if (bytes > Array.MaxLength)
            throw new ModelFormatException(name, "data",
                $"a row {header.Type.DisplayName()}{RowShape} takes {bytes} bytes; at most {Array.MaxLength} can be read at once");
        RowBytes = (int)bytes;
        this.stream = stream;
        this.name = name;
        this.owner = owner;
    }

    /// <summary>Element type.</summary>
    public ElementType Type => header.Type;

    /// <summary>Sizes of the array's axes.</summary>
    public Shape Shape => header.Shape;

    /// <summary>The size of the first axis; a scalar is one row.</summary>
    public int RowCount => Shape.Rank == 0 ? 1 : Shape[0];

    /// <summary>The shape of one row.</summary>
    public Shape RowShape { get; }

    /// <summary>Bytes of one row.</summary>
    public int RowBytes { get; }

    /// <summary>The number of the row that is read next, from 0.</summary>
    public int Position { get; private set; }

    /// <summary>Reads the next row, little-endian and in C order.</summary>
    /// <param name="row">Where to; exactly <see cref="RowBytes"/> long.</param>
    /// <returns>False if there are no more rows.</returns>
    /// <exception cref="ModelFormatException">The file is damaged.</exception>
    public bool TryRead(Span<byte> row)
    {
        if (row.Length != RowBytes)
            throw new ArgumentException($"a row takes {RowBytes} bytes, not {row.Length}", nameof(row));
        if (Position >= RowCount)
            return false;
        if (header.FortranOrder && Shape.Rank > 1)
        {
            whole ??= NumpyArchive.Described(name, () => NumpyData.Read(stream, header, name));
            whole.AsSpan(Position * RowBytes, RowBytes).CopyTo(row);
        }
        else
        {
            ReadInPlace(row);
        }
        Position++;
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        stream.Dispose();
        owner?.Dispose();
    }

    private void ReadInPlace(Span<byte> row)
    {
        try
        {
            NumpyHeader.ReadExactly(stream, row, name);
        }
        catch (InvalidDataException e)
        {
            throw NumpyArchive.Damaged(name, e);
        }
        if (header.BigEndian)
            NumpyData.SwapBytes(row, Type.ByteSize());
    }
}

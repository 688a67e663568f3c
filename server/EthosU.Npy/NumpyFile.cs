using EthosU.Files;
using EthosU.Graphs;

namespace EthosU.Npy;

/// <summary>Reads and writes NumPy's <c>.npy</c> files, versions 1 to 3.</summary>
public static class NumpyFile
{
    /// <summary>Reads a file whole. Fortran order and big-endian elements are converted.</summary>
    /// <exception cref="ModelFormatException">It is damaged, no NumPy array, of a type that cannot be read, or too large to hold (2
    /// GB).</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static NumpyArray Read(string path)
    {
        using FileStream stream = InputFile.OpenRead(path);
        return Read(stream, stream.Length, path);
    }

    /// <summary>Reads an array from a stream.</summary>
    /// <param name="stream">The stream, at the array's first byte.</param>
    /// <param name="length">Bytes that the stream holds from there, or more than it holds if that is not known; nothing is allocated beyond
    /// it.</param>
    /// <param name="name">Its name for messages.</param>
    /// <exception cref="ModelFormatException">As for a file.</exception>
    public static NumpyArray Read(Stream stream, long length, string name)
    {
        NumpyHeader header = NumpyHeader.Read(stream, length, name);
        return new(header.Type, header.Shape, NumpyData.Read(stream, header, name));
    }

    /// <summary>Opens a file to read its rows one after the other.</summary>
    /// <exception cref="ModelFormatException">It is damaged, no NumPy array, or of a type that cannot be read.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static NumpyRowReader OpenRows(string path)
    {
        FileStream stream = InputFile.OpenRead(path);
        try
        {
            return new NumpyRowReader(stream, stream.Length, path, null);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Writes a file; one of that name is replaced.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(string path, NumpyArray array)
    {
        using FileStream stream = File.Create(path);
        Write(stream, array);
    }

    /// <summary>Writes an array to a stream.</summary>
    public static void Write(Stream stream, NumpyArray array)
    {
        stream.Write(NumpyHeader.Write(array.Type, array.Shape));
        stream.Write(array.Bytes.Span);
    }
}

using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using EthosU.Graphs;

namespace EthosU.Npy;

/// <summary>What the header of an <c>.npy</c> file says about the bytes behind it.</summary>
internal sealed record NumpyHeader(ElementType Type, Shape Shape, bool FortranOrder, bool BigEndian)
{
    // NumPy itself refuses longer headers; ours describe plain arrays of at most 32 axes.
    private const int LongestHeader = 10_000;
    private const int MostAxes = 32;
    private const int Alignment = 64;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Bytes of the array behind the header.</summary>
    public long DataBytes => Shape.ElementCount * Type.ByteSize();

    /// <summary>Reads the header and leaves the stream at the first element.</summary>
    /// <param name="stream">The file.</param>
    /// <param name="length">Bytes that the stream holds from its present position.</param>
    /// <param name="name">The file's name for messages.</param>
    public static NumpyHeader Read(Stream stream, long length, string name)
    {
        Span<byte> start = stackalloc byte[12];
        int prefix = stream.ReadAtLeast(start[..10], 10, throwOnEndOfStream: false);
        if (prefix < 10 || !start[..6].SequenceEqual(Magic))
            throw new ModelFormatException(name, "", "this is no NumPy array (.npy): it does not begin with the bytes \\x93NUMPY");
        int major = start[6];
        if (major is < 1 or > 3)
            throw new ModelFormatException(name, "header", $"format versions 1 to 3 are known, but this is version {major}");
        if (major > 1)
            ReadExactly(stream, start.Slice(10, 2), name);
        uint headerLength = major == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(start[8..])
            : BinaryPrimitives.ReadUInt32LittleEndian(start[8..]);
        if (headerLength > LongestHeader)
            throw new ModelFormatException(name, "header",
                $"it says that it is {headerLength} bytes long; at most {LongestHeader} were expected");
        var bytes = new byte[headerLength];
        ReadExactly(stream, bytes, name);
        NumpyHeader header = Parse(Encoding.UTF8.GetString(bytes), name);
        long left = length - (major == 1 ? 10 : 12) - headerLength;
        if (header.DataBytes > left)
        {
            throw new ModelFormatException(name, "data",
                $"an array {header.Type.DisplayName()}{header.Shape} takes {header.DataBytes} bytes, but only {Math.Max(left, 0)} follow "
                    + $"the header");
        }
        return header;
    }

    /// <summary>The header of version 1 for an array in C order, padded so that the elements begin at a multiple of 64 bytes.</summary>
    public static byte[] Write(ElementType type, Shape shape)
    {
        string sizes = string.Join(", ", shape.Sizes.Select(static size => size.ToString(CultureInfo.InvariantCulture)));
        string text = $"{{'descr': '{NumpyTypes.Descriptor(type)}', 'fortran_order': False, 'shape': "
            + $"({sizes}{(shape.Rank == 1 ? "," : "")}), }}";
        int unpadded = Magic.Length + 4 + text.Length + 1;
        int total = (unpadded + Alignment - 1) / Alignment * Alignment;
        var header = new byte[total];
        Magic.CopyTo(header);
        header[6] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(8), (ushort)(total - 10));
        header.AsSpan(10).Fill((byte)' ');
        Encoding.ASCII.GetBytes(text, header.AsSpan(10));
        header[^1] = (byte)'\n';
        return header;
    }

    internal static void ReadExactly(Stream stream, Span<byte> bytes, string name)
    {
        if (stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
            throw new ModelFormatException(name, "", "the file ends too early");
    }

    private static NumpyHeader Parse(string text, string name)
    {
        PythonDictionary fields = PythonDictionary.Parse(text, name);
        string descriptor = fields.String("descr");
        if (!NumpyTypes.TryParse(descriptor, out ElementType type, out bool bigEndian))
        {
            throw new ModelFormatException(name, "header",
                $"its elements are of type '{descriptor}'; bool, integers of 8 to 64 bits and floats of 16 to 64 bits can be read");
        }
        ImmutableArray<long> sizes = fields.Tuple("shape");
        if (sizes.Length > MostAxes || sizes.Any(static size => size is < 0 or > int.MaxValue))
            throw new ModelFormatException(name, "header",
                $"at most {MostAxes} axes of at most {int.MaxValue} elements can be read, its shape is ({string.Join(", ", sizes)})");
        Int128 bytes = type.ByteSize();
        foreach (long size in sizes)
        {
            bytes *= Math.Max(size, 1);
            if (bytes > long.MaxValue)
                throw new ModelFormatException(name, "header", $"its shape ({string.Join(", ", sizes)}) is larger than any file");
        }
        return new(type, new Shape([.. sizes.Select(static size => (int)size)]), fields.Boolean("fortran_order"), bigEndian);
    }
}

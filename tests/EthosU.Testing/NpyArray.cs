using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace EthosU.Testing;

/// <summary>A NumPy array in C order: its type such as <c>|i1</c> or <c>&lt;f4</c>, its shape and its little-endian bytes.</summary>
public sealed partial record NpyArray(string Type, IReadOnlyList<int> Shape, byte[] Data)
{
    /// <summary>Bytes of one element.</summary>
    public int ElementBytes => int.Parse(Type[2..], CultureInfo.InvariantCulture);

    /// <summary>The size of the first axis.</summary>
    public int Samples => Shape[0];

    /// <summary>The bytes of sample <paramref name="index"/> of the first axis.</summary>
    public ReadOnlyMemory<byte> Sample(int index)
    {
        int length = Data.Length / Samples;
        return Data.AsMemory(index * length, length);
    }

    /// <summary>Reads the NPY format, versions 1 and 2.</summary>
    public static NpyArray Read(Stream stream)
    {
        using BinaryReader reader = new(stream);
        ReadOnlySpan<byte> magic = [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];
        if (!reader.ReadBytes(magic.Length).AsSpan().SequenceEqual(magic))
            throw new InvalidDataException("not an NPY file");
        return Read(reader);
    }

    private static NpyArray Read(BinaryReader reader)
    {
        int major = reader.ReadByte();
        reader.ReadByte();
        int length = major == 1 ? reader.ReadUInt16() : reader.ReadInt32();
        string header = Encoding.ASCII.GetString(reader.ReadBytes(length));
        if (header.Contains("'fortran_order': True", StringComparison.Ordinal))
            throw new InvalidDataException("arrays in Fortran order are not supported");
        string type = TypePattern().Match(header).Groups[1].Value;
        int[] shape = [.. ShapePattern().Match(header).Groups[1].Value
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(static s => int.Parse(s, CultureInfo.InvariantCulture))];
        int count = shape.Aggregate(1, static (a, b) => a * b);
        NpyArray array = new(type, shape, []);
        return array with { Data = reader.ReadBytes(count * array.ElementBytes) };
    }

    [GeneratedRegex(@"'descr':\s*'([^']+)'")]
    private static partial Regex TypePattern();

    [GeneratedRegex(@"'shape':\s*\(([^)]*)\)")]
    private static partial Regex ShapePattern();
}

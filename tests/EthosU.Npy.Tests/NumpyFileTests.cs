using System.Text;
using EthosU.Graphs;
using Xunit;

namespace EthosU.Npy.Tests;

public sealed class NumpyFileTests
{
    private static readonly ElementType[] Types =
    [
        ElementType.Bool, ElementType.Int8, ElementType.UInt8, ElementType.Int16, ElementType.UInt16, ElementType.Int32, ElementType.UInt32,
        ElementType.Int64, ElementType.UInt64, ElementType.Float16, ElementType.Float32, ElementType.Float64,
    ];

    public static TheoryData<ElementType> AllTypes => [.. Types];

    [Theory]
    [MemberData(nameof(AllTypes))]
    public void ReadsWhatItWrote(ElementType type)
    {
        Shape[] shapes = [Shape.Scalar, [3], [2, 3, 4], [0, 5], [1, 1]];
        foreach (Shape shape in shapes)
        {
            NumpyArray array = new(type, shape, Bytes((int)shape.ElementCount * type.ByteSize()));
            using MemoryStream stream = new();
            NumpyFile.Write(stream, array);
            Assert.Equal(0, (stream.Length - array.Bytes.Length) % 64);
            stream.Position = 0;
            NumpyArray read = NumpyFile.Read(stream, stream.Length, "x.npy");
            Assert.Equal(type, read.Type);
            Assert.Equal(shape, read.Shape);
            Assert.Equal(array.Bytes.ToArray(), read.Bytes.ToArray());
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void ReadsAllVersions(int version)
    {
        NumpyArray array = Read(File("{'descr': '<i2', 'fortran_order': False, 'shape': (2,), }", [1, 0, 0xFE, 0xFF], version));
        Assert.Equal([(short)1, (short)-2], array.AsSpan<short>().ToArray());
    }

    [Theory]
    [InlineData("{\"shape\": (2L, 3L), \"fortran_order\": False, \"descr\": \"|u1\"}")]
    [InlineData("{'fortran_order':False,'descr':'<u1','shape':(2,3)}")]
    [InlineData("  { 'descr' : '=u1' , 'shape' : ( 2 , 3 , ) , 'fortran_order' : False , }  \n")]
    public void ReadsHeadersAsPythonWould(string header)
    {
        NumpyArray array = Read(File(header, [1, 2, 3, 4, 5, 6]));
        Assert.Equal("uint8[2, 3]", array.ToString());
    }

    [Fact]
    public void ConvertsFortranOrder()
    {
        // [[1, 2, 3], [4, 5, 6]] by columns, twice along a third axis.
        byte[] data = [1, 4, 2, 5, 3, 6, 11, 14, 12, 15, 13, 16];
        NumpyArray array = Read(File("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3, 2), }", data));
        Assert.Equal([1, 11, 2, 12, 3, 13, 4, 14, 5, 15, 6, 16], array.Bytes.ToArray());
    }

    [Fact]
    public void ConvertsBigEndian()
    {
        NumpyArray array = Read(File("{'descr': '>i4', 'fortran_order': False, 'shape': (2,), }", [0, 0, 1, 2, 0xFF, 0xFF, 0xFF, 0xFE]));
        Assert.Equal([258, -2], array.AsSpan<int>().ToArray());
    }

    [Theory]
    [InlineData("'descr': '<i2', 'fortran_order': False, 'shape': (1000000000, 1000000000)", "2000000000000000000 bytes")]
    [InlineData("'descr': '<i8', 'fortran_order': False, 'shape': (2000000000, 2000000000, 2000000000)", "larger than any file")]
    [InlineData("'descr': '<i2', 'fortran_order': False, 'shape': (-1,)", "its shape is (-1)")]
    [InlineData("'descr': '<i2', 'fortran_order': False, 'shape': (5000000000,)", "its shape is (5000000000)")]
    [InlineData("'descr': '<i2', 'fortran_order': False, 'shape': (99999999999999999999,)", "a number was expected")]
    [InlineData("'descr': '<i2', 'fortran_order': False, 'shape': (3,)", "takes 6 bytes, but only 4 follow")]
    [InlineData("'descr': '<c8', 'fortran_order': False, 'shape': (0,)", "type '<c8'")]
    [InlineData("'descr': '|O', 'fortran_order': False, 'shape': (0,)", "type '|O'")]
    [InlineData("'descr': '<U3', 'fortran_order': False, 'shape': (0,)", "type '<U3'")]
    [InlineData("'descr': [('a', '<i2')], 'fortran_order': False, 'shape': (0,)", "structured types")]
    [InlineData("'descr': '<i2', 'fortran_order': False", "'shape' should be")]
    [InlineData("'descr': '<i2', 'fortran_order': 0, 'shape': (0,)", "True, False")]
    [InlineData("'descr': '<i2', 'fortran_order': False, 'shape': (2,", "a number was expected")]
    [InlineData("'descr': '<i2", "text in quotes")]
    public void RefusesWithAReason(string fields, string reason)
    {
        ModelFormatException error = Assert.Throws<ModelFormatException>(() => Read(File("{" + fields + "}", [1, 0, 2, 0])));
        Assert.StartsWith("x.npy: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryTruncationIsRefused()
    {
        byte[] file = File("{'descr': '<i2', 'fortran_order': False, 'shape': (2, 2), }", [1, 0, 2, 0, 3, 0, 4, 0]);
        for (int length = 0; length < file.Length; length++)
            Assert.Throws<ModelFormatException>(() => Read(file[..length]));
    }

    [Fact]
    public void DamagedHeadersNeverCrash()
    {
        byte[] file = File("{'descr': '<i2', 'fortran_order': True, 'shape': (2, 2), }", [1, 0, 2, 0, 3, 0, 4, 0]);
        Random random = new(7);
        for (int i = 0; i < 3000; i++)
        {
            byte[] damaged = [.. file];
            for (int n = random.Next(1, 4); n > 0; n--)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            try
            {
                Read(damaged);
            }
            catch (ModelFormatException)
            {
            }
        }
    }

    [Theory]
    [InlineData("<i2", false)]
    [InlineData(">i2", false)]
    [InlineData("<i2", true)]
    [InlineData(">i2", true)]
    public void RowsAreThoseOfTheWholeArray(string type, bool fortran)
    {
        byte[] file = File($"{{'descr': '{type}', 'fortran_order': {fortran}, 'shape': (4, 3, 2), }}", Bytes(48));
        NumpyArray array = Read(file);
        using NumpyRowReader rows = new(new MemoryStream(file), file.Length, "x.npy", null);
        Assert.Equal(array.Shape, rows.Shape);
        Assert.Equal([3, 2], rows.RowShape);
        var row = new byte[rows.RowBytes];
        for (int i = 0; i < array.RowCount; i++)
        {
            Assert.Equal(i, rows.Position);
            Assert.True(rows.TryRead(row));
            Assert.Equal(array.Row(i).ToArray(), row);
        }
        Assert.False(rows.TryRead(row));
        Assert.Throws<ArgumentException>(() => rows.TryRead(new byte[1]));
    }

    [Fact]
    public void AFileThatIsWrittenIsRead()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".npy");
        try
        {
            NumpyFile.Write(path, NumpyArray.From<float>([2, 2], [1, 2, 3, 4]));
            Assert.Equal([1f, 2f, 3f, 4f], NumpyFile.Read(path).AsSpan<float>().ToArray());
            using NumpyRowReader rows = NumpyFile.OpenRows(path);
            Assert.Equal(2, rows.RowCount);
        }
        finally
        {
            System.IO.File.Delete(path);
        }
    }

    [Fact]
    public void WritesRowByRowWhatItWritesWhole()
    {
        NumpyArray array = new(ElementType.Int16, [5, 2, 3], Bytes(60));
        using MemoryStream whole = new();
        NumpyFile.Write(whole, array);
        using MemoryStream stream = new();
        NumpyRowWriter writer = new(() => stream, array.Type, array.RowShape, array.RowCount);
        for (int i = 0; i < array.RowCount; i++)
            writer.Write(array.Row(i).Span);
        Assert.Equal(whole.ToArray(), stream.ToArray());
        Assert.Throws<ArgumentException>(() => writer.Write(new byte[11]));
        Assert.Throws<InvalidOperationException>(() => writer.Write(new byte[12]));
    }

    internal static byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        new Random(count).NextBytes(bytes);
        return bytes;
    }

    private static NumpyArray Read(byte[] file) => NumpyFile.Read(new MemoryStream(file), file.Length, "x.npy");

    private static byte[] File(string header, byte[] data, int version = 1)
    {
        byte[] text = Encoding.UTF8.GetBytes(header);
        byte[] length = version == 1 ? BitConverter.GetBytes((ushort)text.Length) : BitConverter.GetBytes(text.Length);
        return [0x93, .. "NUMPY"u8, (byte)version, 0, .. length, .. text, .. data];
    }
}

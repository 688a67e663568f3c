using System.Buffers.Binary;
using EthosU.Graphs;
using EthosU.Testing;
using Xunit;

namespace EthosU.Npy.Tests;

public sealed class NumpyArchiveTests : IDisposable
{
    private readonly string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".npz");

    public void Dispose() => File.Delete(path);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ReadsWhatItWrote(bool compress)
    {
        Dictionary<string, NumpyArray> arrays = new()
        {
            ["x"] = new(ElementType.UInt8, [10, 20], NumpyFileTests.Bytes(200)),
            ["group/y"] = NumpyArray.From<long>([3], [1, -2, 3]),
            ["empty"] = new(ElementType.Float32, [0], ReadOnlyMemory<byte>.Empty),
        };
        NumpyArchive.Write(path, arrays, compress);
        byte[] first = File.ReadAllBytes(path);
        using (NumpyArchive archive = NumpyArchive.Open(path))
        {
            Assert.Equal(arrays.Keys, archive.Names);
            foreach ((string name, NumpyArray array) in arrays)
            {
                Assert.True(archive.Contains(name));
                Assert.Equal(array.ToString(), archive.Read(name).ToString());
                Assert.Equal(array.Bytes.ToArray(), archive.Read(name).Bytes.ToArray());
            }
        }
        using (NumpyRowReader rows = NumpyArchive.OpenRows(path, "x"))
        {
            var row = new byte[rows.RowBytes];
            for (int i = 0; rows.TryRead(row); i++)
                Assert.Equal(arrays["x"].Row(i).ToArray(), row);
            Assert.Equal(10, rows.Position);
        }
        NumpyArchive.Write(path, arrays, compress);
        Assert.Equal(first, File.ReadAllBytes(path));
    }

    [Fact]
    public void SaysWhichArraysThereAre()
    {
        NumpyArchive.Write(path, [new("x", NumpyArray.From<int>([1], [1])), new("y", NumpyArray.From<int>([1], [1]))]);
        using NumpyArchive archive = NumpyArchive.Open(path);
        ModelFormatException error = Assert.Throws<ModelFormatException>(() => archive.Read("labels"));
        Assert.Contains("no array 'labels' in the archive; it holds 'x', 'y'", error.Message, StringComparison.Ordinal);
        Assert.Throws<ModelFormatException>(() => NumpyArchive.OpenRows(path, "labels"));
    }

    [Fact]
    public void PromisesOfHugeEntriesAreRefusedUnread()
    {
        NumpyArchive.Write(path, [new("x", NumpyArray.From<int>([1], [1]))]);
        byte[] file = File.ReadAllBytes(path);
        int directory = file.AsSpan().IndexOf("PK\x01\x02"u8);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(directory + 24), 0xF000_0000);
        File.WriteAllBytes(path, file);
        using NumpyArchive archive = NumpyArchive.Open(path);
        Assert.Contains("cannot hold", Assert.Throws<ModelFormatException>(() => archive.Read("x")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DamagedArchivesNeverCrash()
    {
        NumpyArchive.Write(path,
            [new("x", new(ElementType.UInt8, [4, 50], NumpyFileTests.Bytes(200))), new("y", NumpyArray.From<int>([1], [1]))]);
        byte[] file = File.ReadAllBytes(path);
        Random random = new(11);
        for (int i = 0; i < 1500; i++)
        {
            byte[] damaged = i % 3 == 0 ? file[..random.Next(file.Length)] : [.. file];
            for (int n = random.Next(1, 4); n > 0 && damaged.Length > 0; n--)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            File.WriteAllBytes(path, damaged);
            try
            {
                NumpyArchive.ReadAll(path);
                using NumpyRowReader rows = NumpyArchive.OpenRows(path, "x");
                var row = new byte[rows.RowBytes];
                while (rows.TryRead(row))
                    Assert.True(rows.Position <= rows.RowCount);
            }
            catch (ModelFormatException)
            {
            }
        }
    }

    [Fact]
    public void ReadsArchivesOfNumPyItself()
    {
        using NumpyArchive archive = NumpyArchive.Open(SharedData.Require("data", "cifar10", "test2000.npz"));
        using NumpyRowReader images = archive.OpenRows(archive.Names.First(static n => n.StartsWith('x')));
        Assert.Equal(ElementType.UInt8, images.Type);
        Assert.Equal([2000, 32, 32, 3], images.Shape);
        var row = new byte[images.RowBytes];
        while (images.TryRead(row))
            Assert.Contains(row, static value => value != 0);
        Assert.Equal(2000, images.Position);
    }
}

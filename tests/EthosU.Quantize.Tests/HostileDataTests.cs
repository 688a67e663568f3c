using System.Diagnostics;
using EthosU.Graphs;
using EthosU.Npy;
using EthosU.Quantize.Data;
using EthosU.Testing;
using Xunit;

namespace EthosU.Quantize.Tests;

/// <summary>Data files that are damaged or made to do harm end with a message that names them, at once.</summary>
public sealed class HostileDataTests : IDisposable
{
    private static readonly Tensor Image = new("input", ElementType.Float32, [1, 3, 8, 8]);
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    public static TheoryData<string, byte[]> Images() => new()
    {
        { "signature.jpg", [0xFF, 0xD8] },
        { "only-markers.jpg", [0xFF, 0xD8, 0xFF, 0xE0, 0, 16, 0x4A, 0x46] },
        { "endless-fill.jpg", [0xFF, 0xD8, .. Enumerable.Repeat((byte)0xFF, 40)] },
        { "frame-without-scan.jpg", [.. Jpeg(16, 16, 0)] },
        { "huge-frame.jpg", [.. Jpeg(65535, 65535, 1)] },
        { "many-scans.jpg", [.. Jpeg(4000, 4000, 2000)] },
        { "empty.png", [] },
        { "signature.png", [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] },
        { "huge.png", [.. Png(0x7FFFFFFF, 0x7FFFFFFF)] },
        { "promises.png", [.. Png(5000, 5000)] },
        { "huge.bmp", [.. Bmp(30000, 30000, 24)] },
        { "tall.bmp", [.. Bmp(1, int.MaxValue, 24)] },
        { "large.bmp", [.. Bmp(5000, 6000, 24)] },
        { "upside-down.bmp", [.. Bmp(5000, -6000, 32)] },
        { "photoshop.png", "8BPS\0\u0001"u8.ToArray() },
        { "radiance.bmp", "#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 30000 +X 30000\n"u8.ToArray() },
        { "gif.png", [.. "GIF89a"u8, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0x2C] },
    };

    [Theory]
    [MemberData(nameof(Images))]
    public void AnImageIsRefusedAtOnce(string name, byte[] content)
    {
        folder.Write(name, content);
        Stopwatch watch = Stopwatch.StartNew();
        ModelFormatException error = Assert.Throws<ModelFormatException>(() => Read(folder.Path, Image));
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"{watch.Elapsed}");
    }

    [Fact]
    public void APartThatIsLongerThanTheFileIsRefusedBeforeMemoryIsTakenForIt()
    {
        byte[] data = [0x20, 0, 0, 0x13, .. "IDAT"u8, 0x78, 0x18, 4, 0, 3, 0, 0, 0, 0];
        folder.Write("long-part.png", [.. Png(16, 16).Take(33), .. data]);
        ModelFormatException error = Assert.Throws<ModelFormatException>(() => Read(folder.Path, Image));
        Assert.EndsWith("a part says that it is 536870926 bytes longer than the file", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheImagesThatHungAreRefused()
    {
        foreach (string file in Directory.GetFiles(SharedData.Require("data", "hostile", "img-hang")))
        {
            using TemporaryFolder own = new();
            File.Copy(file, own.File(Path.GetFileName(file)));
            Assert.Throws<ModelFormatException>(() => Read(own.Path, Image));
        }
    }

    [Fact]
    public void AnImageIsReadWhileItIsNotCancelled()
    {
        folder.Write("image.bmp", [.. Bmp(2, 2, 24), 0, 0, 255, 0, 255, 0, 0, 0, 255, 0, 0, 255, 255, 255, 0, 0]);
        Assert.Single(Read(folder.Path, Image));
        using CancellationTokenSource cancelled = new();
        IEnumerable<Sample> samples = SampleSource.Open(folder.Path, [Image]).Read(cancelled.Token);
        cancelled.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => samples.ToArray());
    }

    [Fact]
    public void LargeUnsignedNumbersAreNumbers()
    {
        string path = folder.File("u64.npy");
        NumpyFile.Write(path, NumpyArray.From<ulong>([1, 3, 8, 8], Enumerable.Repeat(ulong.MaxValue, 192).ToArray()));
        Assert.Equal(1.8446744E19f, Read(path, Image)[0].Inputs[0].AsSpan<float>()[0]);
    }

    [Theory]
    [InlineData(ElementType.Int64)]
    [InlineData(ElementType.Int32)]
    [InlineData(ElementType.UInt8)]
    [InlineData(ElementType.Int8)]
    public void ANumberThatTheInputCannotHoldIsRefused(ElementType type)
    {
        string path = folder.File("u64.npy");
        NumpyFile.Write(path, NumpyArray.From<ulong>([1, 4], [0, 1, ulong.MaxValue, 2]));
        ModelFormatException error = Assert.Throws<ModelFormatException>(() => Read(path, new("ids", type, [1, 4])));
        Assert.Contains("element 2 is 18446744073709551615", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ALabelThatIsNoClassIsRefused()
    {
        string path = folder.File("lab.npz");
        NumpyArchive.Write(path,
            [new("x", NumpyArray.From<float>([2, 3, 8, 8], new float[384])), new("y", NumpyArray.From<long>([2], [1L << 40, 1]))]);
        Assert.Contains("label", Assert.Throws<ModelFormatException>(() => Read(path, Image)).Message, StringComparison.Ordinal);
        Assert.Throws<ModelFormatException>(() => Read(path, new("input", ElementType.Float32, [0, 3, 8, 8])));
    }

    private static Sample[] Read(string path, Tensor input) =>
        [.. SampleSource.Open(path, [input]).Read(TestContext.Current.CancellationToken)];

    private static IEnumerable<byte> Jpeg(int width, int height, int scans)
    {
        byte[] frame = [0xFF, 0xC2, 0, 11, 8, (byte)(height >> 8), (byte)height, (byte)(width >> 8), (byte)width, 1, 1, 0x11, 0];
        byte[] scan = [0xFF, 0xDA, 0, 8, 1, 1, 0, 1, 63, 0, 0, 0];
        return [0xFF, 0xD8, .. frame, .. Enumerable.Repeat(scan, scans).SelectMany(static bytes => bytes)];
    }

    private static IEnumerable<byte> Png(int width, int height) =>
        [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, .. "IHDR"u8, .. Big(width), .. Big(height), 8, 6, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 1, .. "IDAT"u8, 0x78];

    private static IEnumerable<byte> Bmp(int width, int height, short bits) =>
        [.. "BM"u8, .. BitConverter.GetBytes(70), 0, 0, 0, 0, .. BitConverter.GetBytes(54), .. BitConverter.GetBytes(40),
        .. BitConverter.GetBytes(width), .. BitConverter.GetBytes(height),
        1, 0, .. BitConverter.GetBytes(bits), .. new byte[24]];

    private static byte[] Big(int value) => [(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];
}

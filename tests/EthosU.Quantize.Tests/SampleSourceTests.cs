using EthosU.Graphs;
using EthosU.Npy;
using EthosU.Quantize.Data;
using Xunit;

namespace EthosU.Quantize.Tests;

public sealed class SampleSourceTests : IDisposable
{
    private static readonly Tensor Image = new("input", ElementType.Float32, [1, 3, 2, 4]);
    private readonly string folder = Directory.CreateTempSubdirectory("ethosu-samples").FullName;

    public void Dispose() => Directory.Delete(folder, true);

    [Theory]
    [InlineData(new[] { 2, 3, 2, 4 }, false)]
    [InlineData(new[] { 2, 2, 4, 3 }, true)]
    public void RecognisesTheOrderOfAxes(int[] shape, bool channelsLast)
    {
        byte[] bytes = [.. Enumerable.Range(0, 48).Select(i => (byte)i)];
        string path = Write(NumpyArray.From<byte>(new Shape([.. shape]), bytes));

        Sample[] samples =
            [.. SampleSource.Open(path, [Image], Preprocessing.Parse("1/2", null, null)).Read(TestContext.Current.CancellationToken)];

        Assert.Equal(2, samples.Length);
        Assert.Equal(Image.Shape, samples[1].Inputs[0].Shape);
        float expected = (channelsLast ? 24 + 1 : 24 + 8) / 2f; // channel 1 of the first pixel
        Assert.Equal(expected, samples[1].Inputs[0].AsSpan<float>()[8]);
    }

    [Fact]
    public void AsksWhereBothOrdersSuit()
    {
        Tensor cube = new("input", ElementType.Float32, [1, 3, 3, 3]);
        string path = Write(NumpyArray.From<float>([1, 3, 3, 3], new float[27]));

        ModelFormatException error = Assert.Throws<ModelFormatException>(() => SampleSource.Open(path, [cube]));
        Assert.Contains("nchw", error.Message, StringComparison.Ordinal);
        Assert.Single(SampleSource.Open(path, [cube], null, new() { Layout = SampleLayout.ChannelsLast })
            .Read(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(new[] { 2, 5, 5, 3 })]
    [InlineData(new[] { 24 })]
    [InlineData(new[] { 0, 3, 2, 4 })]
    public void RefusesOtherShapes(int[] shape)
    {
        Shape wrong = new([.. shape]);
        string path = Write(NumpyArray.From<float>(wrong, new float[wrong.ElementCount]));

        Assert.Throws<ModelFormatException>(() => SampleSource.Open(path, [Image]));
    }

    [Theory]
    [InlineData(float.NaN, "NaN")]
    [InlineData(float.PositiveInfinity, "infinite")]
    public void RefusesWhatIsNotFinite(float value, string expected)
    {
        float[] values = new float[48];
        values[30] = value;
        string path = Write(NumpyArray.From<float>([2, 3, 2, 4], values));

        ModelFormatException error =
            Assert.Throws<ModelFormatException>(() => SampleSource.Open(path, [Image]).Read(TestContext.Current.CancellationToken).Count());
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains("sample 1", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void ReadsLabelsAndInputsByName()
    {
        Tensor second = new("scale", ElementType.Float32, [1, 1]);
        string path = Path.Combine(folder, "data.npz");
        NumpyArchive.Write(path, new Dictionary<string, NumpyArray>
        {
            ["scale"] = NumpyArray.From<float>([2, 1], [5, 6]),
            ["input"] = NumpyArray.From<byte>([2, 3, 2, 4], new byte[48]),
            ["y"] = NumpyArray.From<long>([2], [7, 8]),
        });

        Sample[] samples = [.. SampleSource.Open(path, [Image, second]).Read(TestContext.Current.CancellationToken)];

        Assert.Equal([7, 8], samples.Select(sample => sample.Label!.Value));
        Assert.Equal(6, samples[1].Inputs[1].AsSpan<float>()[0]);
        Assert.Throws<ModelFormatException>(() => SampleSource.Open(path, [Image, new Tensor("other", ElementType.Float32, [1, 1])]));
    }

    [Fact]
    public void ReadsAFolderOfArraysInTheOrderOfNames()
    {
        NumpyFile.Write(Path.Combine(folder, "b.npy"), NumpyArray.From<float>([3, 2, 4], [.. Enumerable.Repeat(2f, 24)]));
        NumpyFile.Write(Path.Combine(folder, "a.npy"), NumpyArray.From<float>([1, 3, 2, 4], [.. Enumerable.Repeat(1f, 24)]));

        Assert.Equal([1f, 2f], SampleSource.Open(folder, [Image]).Read(TestContext.Current.CancellationToken)
            .Select(sample => sample.Inputs[0].AsSpan<float>()[0]));
    }

    [Fact]
    public void ReadsAndResizesImages()
    {
        File.WriteAllBytes(Path.Combine(folder, "a.bmp"),
            Bitmap(8, 4, (x, _) => ((byte)(x < 4 ? 10 : 50), (byte)(x < 4 ? 20 : 60), (byte)(x < 4 ? 30 : 70))));

        float[] red = Assert.Single(SampleSource.Open(folder, [Image]).Read(TestContext.Current.CancellationToken)).Inputs[0]
            .AsSpan<float>()[..8].ToArray();
        float blue = SampleSource.Open(folder, [Image], null, new() { BlueFirst = true }).Read(TestContext.Current.CancellationToken)
            .First().Inputs[0].AsSpan<float>()[0];

        Assert.Equal(10, red[0], 3);
        Assert.Equal(50, red[3], 3);
        Assert.InRange(red[1], 10.1f, 30); // the border is smoothed
        Assert.Equal(30, blue, 3);
    }

    [Fact]
    public void SaysWhatADamagedOrMissingImageIs()
    {
        Assert.Throws<ModelFormatException>(() => SampleSource.Open(folder, [Image]));
        File.WriteAllBytes(Path.Combine(folder, "a.png"), [1, 2, 3]);
        Assert.Throws<ModelFormatException>(() => SampleSource.Open(folder, [Image]).Read(TestContext.Current.CancellationToken).Count());
    }

    [Fact]
    public void RandomDataAreTheSameEachTimeAndWarn()
    {
        SampleSource source = SampleSource.Open(null, [Image]);

        Assert.Equal(source.Read(TestContext.Current.CancellationToken).Last().Inputs[0].ToFloatArray(),
            source.Read(TestContext.Current.CancellationToken).Last().Inputs[0].ToFloatArray());
        Assert.Equal(FindingSeverity.Warning, Assert.Single(source.Findings).Severity);
    }

    private string Write(NumpyArray array)
    {
        string path = Path.Combine(folder, "data.npy");
        NumpyFile.Write(path, array);
        return path;
    }

    /// <summary>A 24-bit BMP file.</summary>
    private static byte[] Bitmap(int width, int height, Func<int, int, (byte R, byte G, byte B)> pixel)
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        int size = width * height * 3;
        writer.Write("BM"u8);
        foreach (int value in (int[])[54 + size, 0, 54, 40, width, height])
            writer.Write(value);
        writer.Write((short)1);
        writer.Write((short)24);
        foreach (int value in (int[])[0, size, 0, 0, 0, 0])
            writer.Write(value);
        for (int y = height - 1; y >= 0; y--)
            for (int x = 0; x < width; x++)
            {
                var (r, g, b) = pixel(x, y);
                writer.Write([b, g, r]);
            }
        return stream.ToArray();
    }
}

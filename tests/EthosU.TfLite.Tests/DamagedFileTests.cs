using EthosU.Graphs;
using Xunit;

namespace EthosU.TfLite.Tests;

/// <summary>Whatever happens to a file, reading it gives a graph or a described error.</summary>
public sealed class DamagedFileTests
{
    private static readonly sbyte[] Weights = [.. Enumerable.Range(1, 36).Select(i => (sbyte)(3 * i))];
    private static readonly byte[] Sound = TfLiteWriter.Write(Model());

    private static Graph Model()
    {
        GraphBuilder builder = new("damage");
        Tensor x = builder.AddInput("x", ElementType.Int8, [1, 6, 6, 2], Quantization.PerTensor(0.5f, 3));
        Tensor w = builder.AddConstant("w", TensorData.From<sbyte>([2, 3, 3, 2], Weights), Quantization.PerAxisSymmetric([0.1f, 0.2f], 0));
        Tensor y = new("y", ElementType.Int8, [1, 6, 6, 2], Quantization.PerTensor(0.25f, 0));
        builder.AddNode(new Node(new Conv2D(Padding.Same, 1, 1, Activation: FusedActivation.Relu6), [x, w, null], [y]));
        Tensor z = builder.Add(new Reshape(), "z", Source.None, y, builder.AddIntegers("shape", 1, 72));
        builder.AddOutput(z);
        return builder.Build();
    }

    [Fact]
    public void EveryBufferIsAligned()
    {
        int position = Sound.AsSpan().IndexOf(TensorData.Vector<sbyte>(Weights).Bytes.Span);
        Assert.True(position > 0);
        Assert.Equal(0, position % 16);
        Assert.Equal(0, Sound.Length % 16);
    }

    [Fact]
    public void TruncationAnywhereIsDescribed()
    {
        for (int length = 0; length < Sound.Length; length++)
            ReadOrRefuse(Sound[..length]);
    }

    [Fact]
    public void FlippedBitsAreSurvived()
    {
        Random random = new(1);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] copy = [.. Sound];
            for (int flips = random.Next(1, 4); flips > 0; flips--)
                copy[random.Next(copy.Length)] ^= (byte)(1 << random.Next(8));
            ReadOrRefuse(copy);
        }
    }

    [Fact]
    public void OtherFilesAreNamedAsSuch() => Assert.Contains("no TensorFlow Lite model",
        Assert.Throws<ModelFormatException>(() => TfLiteReader.Read("GIF89a, not a model"u8.ToArray(), "a.tflite")).Message,
        StringComparison.Ordinal);

    private static void ReadOrRefuse(byte[] bytes)
    {
        try
        {
            Graph graph = TfLiteReader.Read(bytes, "damaged.tflite");
            Assert.NotNull(GraphListing.Write(graph)); // must not throw either
        }
        catch (ModelFormatException e)
        {
            Assert.NotEmpty(e.Expected);
        }
    }
}

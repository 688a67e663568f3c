using EthosU.Graphs;
using EthosU.Npu.Architectures;
using EthosU.Npu.Commands;
using EthosU.Npu.Operations;
using EthosU.Npu.Targets;
using Xunit;

namespace EthosU.Npu.Tests.Scheduling;

public sealed class InputStagingTests
{
    private const int Region = 1, Fast = 2;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A convolution of an image whose rows of channels are much shorter than a burst of DRAM, and one behind it.</summary>
    private static Graph Image(int size, int channels, int columns = 0)
    {
        Quantization scale = Quantization.PerTensor(0.1f, 0);
        GraphBuilder builder = new("image");
        Tensor x = builder.AddInput("x", ElementType.Int8, [1, size, columns == 0 ? size : columns, channels], scale);
        for (int i = 0; i < 2; i++)
        {
            int[] shape = [16, 3, 3, x.Shape[3]];
            var bytes = new byte[shape.Aggregate(1, static (a, b) => a * b)];
            new Random(i).NextBytes(bytes);
            Tensor weights = builder.AddConstant($"w{i}", new TensorData(ElementType.Int8, [.. shape], bytes), scale);
            Tensor y = new($"y{i}", ElementType.Int8, [1, x.Shape[1], x.Shape[2], 16], scale);
            builder.AddNode(new(new Conv2D(Padding.Same, 1, 1), [x, weights, null], [y], new Source { NodeName = $"conv{i}" }));
            x = y;
        }
        builder.AddOutput(x);
        return builder.Build();
    }

    private static StreamOperation[] Compile(Graph graph, string accelerator, string system, string mode)
    {
        CompileResult result = NpuCompiler.Compile(graph,
            new(TargetCatalog.Standard.Resolve(accelerator, system, mode)), cancellation: Cancellation);
        CommandStream stream = DriverPayload
            .Decode(EthosUNode.Of(result.Graph.Nodes.Single(EthosUNode.Matches), "x").Payload.Data!.Bytes.Span, "x").Commands;
        return [.. NpuArchitecture.Of(stream.Product).Commands.Read(stream, "x")];
    }

    [Theory]
    [InlineData(96, 3, 0)]
    [InlineData(64, 3, 61)]
    public void Images_in_dram_are_copied_whole_and_once(int size, int channels, int columns)
    {
        StreamOperation[] stream = Compile(Image(size, channels, columns), "ethos-u65-256", "Ethos_U65_High_End", "Dedicated_Sram");
        DmaOperation[] copies = [.. stream.OfType<DmaOperation>().Where(static dma => dma.Source.Region == Region)];
        Assert.All(copies, static copy => Assert.Equal(Fast, copy.Destination.Region));
        Assert.Equal(size * (columns == 0 ? size : columns) * channels, copies.Sum(static copy => copy.Length));
        Assert.All(stream.OfType<KernelOperation>(), static kernel => Assert.Equal(Fast, kernel.Ifm.Region));
    }

    [Theory]
    [InlineData(4, 128, "Ethos_U65_High_End", "Dedicated_Sram")] // rows as long as a burst, and little to read
    [InlineData(96, 3, "Ethos_U65_Embedded", "Shared_Sram")] // the arena is fast
    public void What_is_read_well_where_it_lies_is_not_copied(int size, int channels, string system, string mode) =>
        Assert.DoesNotContain(Compile(Image(size, channels), "ethos-u65-256", system, mode),
            static operation => operation is DmaOperation { Source.Region: Region });
}

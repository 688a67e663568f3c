using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Npu.Architectures;
using EthosU.Npu.Commands;
using EthosU.Npu.Operations;
using EthosU.Npu.Targets;
using EthosU.Testing;
using EthosU.TfLite;
using Xunit;

namespace EthosU.Npu.Tests.Scheduling;

public sealed class WeightBuffersTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Three convolutions of maps of several blocks, so that each reads its weights several times.</summary>
    private static Graph Convolutions()
    {
        Random random = new(1);
        Quantization scale = Quantization.PerTensor(0.1f, 0);
        GraphBuilder builder = new("convolutions");
        Tensor x = builder.AddInput("x", ElementType.Int8, [1, 48, 48, 32], scale);
        for (int i = 0; i < 3; i++)
        {
            var bytes = new byte[32 * 3 * 3 * 32];
            random.NextBytes(bytes);
            Tensor weights = builder.AddConstant($"w{i}", new TensorData(ElementType.Int8, [32, 3, 3, 32], bytes), scale);
            Tensor y = new($"y{i}", ElementType.Int8, x.Shape, scale);
            builder.AddNode(new(new Conv2D(Padding.Same, 1, 1), [x, weights, null], [y], new Source { NodeName = $"conv{i}" }));
            x = y;
        }
        builder.AddOutput(x);
        return builder.Build();
    }

    private static CompileResult Compile(string accelerator, string? mode = null, CompileGoal goal = CompileGoal.Performance,
        long? cache = null) => NpuCompiler.Compile(
        Convolutions(), new(TargetCatalog.Standard.Resolve(accelerator, memoryMode: mode, arenaCacheSize: cache)) { OptimiseFor = goal },
        cancellation: Cancellation);

    /// <summary>Copies to the arena or the fast memory, and the regions from which weights are read.</summary>
    private static (DmaOperation[] Copies, ConvolutionOperation[] Convolutions) Stream(CompileResult result)
    {
        CommandStream stream = DriverPayload
            .Decode(EthosUNode.Of(result.Graph.Nodes.Single(EthosUNode.Matches), "x").Payload.Data!.Bytes.Span, "x").Commands;
        ImmutableArray<StreamOperation> operations = NpuArchitecture.Of(stream.Product).Commands.Read(stream, "x");
        return ([.. operations.OfType<DmaOperation>().Where(dma => !dma.Destination.IsSharedRam)],
            [.. operations.OfType<ConvolutionOperation>()]);
    }

    [Theory]
    [InlineData("ethos-u55-128", "Shared_Sram", 1)]
    [InlineData("ethos-u55-256", "Shared_Sram", 1)]
    public void Weights_are_copied_before_the_operation_that_reads_them(string accelerator, string mode, int region)
    {
        CompileResult result = Compile(accelerator, mode);
        (DmaOperation[] copies, ConvolutionOperation[] convolutions) = Stream(result);
        Assert.NotEmpty(copies);
        Assert.All(copies, copy => Assert.Equal((0, region), (copy.Source.Region, copy.Destination.Region)));
        foreach (ConvolutionOperation convolution in convolutions.Where(c => c.WeightRegion != 0))
        {
            Assert.Equal((region, region), (convolution.WeightRegion, convolution.ScaleRegion));
            Assert.All(convolution.Weights.Concat(convolution.Scales), range =>
            {
                for (long address = range.Address; address < range.End; address += 16)
                    Assert.Contains(copies, copy => address >= copy.Destination.Address
                        && address < copy.Destination.Address + copy.Length);
            });
        }
        Assert.Contains(result.Tensors, tensor => tensor.Name.EndsWith("/weights", StringComparison.Ordinal));
        Assert.Equal(result.Estimate.TotalCycles, result.Operations.Sum(operation => operation.Estimate.TotalCycles));
    }

    /// <summary>So many multiplications fall to each weight here that reading it again costs nothing.</summary>
    [Fact]
    public void A_slow_accelerator_gains_nothing_from_copies() => Assert.Empty(Stream(Compile("ethos-u55-32", "Shared_Sram")).Copies);

    [Fact]
    public void Weights_in_fast_memory_stay_where_they_are() => Assert.Empty(Stream(Compile("ethos-u55-128", "Sram_Only")).Copies);

    [Fact]
    public void Optimised_for_size_it_takes_less_memory_and_more_cycles()
    {
        CompileResult fast = Compile("ethos-u55-128"), small = Compile("ethos-u55-128", goal: CompileGoal.Size);
        Assert.True(fast.Memory.ArenaBytes > small.Memory.ArenaBytes);
        Assert.True(fast.Estimate.TotalCycles < small.Estimate.TotalCycles);
    }

    [Fact]
    public void The_given_size_is_not_exceeded_for_copies()
    {
        long least = Compile("ethos-u55-128", goal: CompileGoal.Size).Memory.ArenaBytes;
        CompileResult tight = Compile("ethos-u55-128", cache: least + 64);
        Assert.InRange(tight.Memory.ArenaBytes, 1, least + 64);
        Assert.DoesNotContain(tight.Findings, finding => finding.RuleId == "compile-memory-limit");
        Assert.InRange(Compile("ethos-u65-256", "Dedicated_Sram", cache: 100_000).Memory.FastBytes, 1, 100_000);
    }

    /// <summary>Memory that a limit offers is used where it saves cycles; counted as without a limit, this takes 7.06 million.</summary>
    [Fact]
    public void A_limit_is_there_to_be_used()
    {
        Graph graph = TfLiteReader.Read(SharedData.Require("data", "vela52", "models", "tv_squeezenet1_1.tflite"));
        CompileResult result = NpuCompiler.Compile(graph,
            new(TargetCatalog.Standard.Resolve("ethos-u55-128", arenaCacheSize: 512 << 10)), cancellation: Cancellation);
        Assert.InRange(result.Memory.ArenaBytes, 1, 512 << 10);
        Assert.InRange(result.Estimate.TotalCycles, 1, 6_800_000);
    }

    /// <summary>The fast memory beside the arena has no more bytes than are given: what does not fit lies in the arena.</summary>
    [Theory]
    [InlineData(CompileGoal.Performance)]
    [InlineData(CompileGoal.Size)]
    [InlineData(CompileGoal.Balanced)]
    public void Fast_memory_is_not_exceeded_whatever_the_goal(CompileGoal goal)
    {
        CompileResult result = Compile("ethos-u65-256", "Dedicated_Sram", goal, cache: 1024);
        Assert.InRange(result.Memory.FastBytes, 0, 1024);
    }
}

using EthosU.Npu.Architectures.EthosU55;
using EthosU.Npu.Blocks;
using EthosU.Npu.Operations;
using EthosU.Npu.Targets;
using Xunit;

namespace EthosU.Npu.Tests.Architectures.EthosU55;

public class SharedRamBlocksTests
{
    private static readonly SharedRamBlocks Blocks = new();

    public static TheoryData<string, string> Cases()
    {
        var cases = new TheoryData<string, string>();
        for (int i = 1; i <= 17; i++)
            foreach (Accelerator accelerator in Accelerator.Compilable)
                cases.Add($"G{i}", accelerator.Name);
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_best_block_is_the_recorded_one(string name, string accelerator)
    {
        (BlockQuery query, BlockConfig recorded) = ReferenceCases.Recorded(name, Accelerator.Find(accelerator)!);
        Assert.True(Blocks.TryFit(query, recorded.OfmBlock, out BlockConfig fitted));
        Assert.Equal(recorded, fitted with { Cost = 0 });
        BlockConfig best = Blocks.FindBest(query);
        // The recorded search also takes blocks of odd size when the input is doubled.
        if (query.Upscale != NpuUpscale.None)
            Assert.True(best.OfmBlock is { Height: var h, Width: var w } && h % 2 == 0 && w % 2 == 0);
        else
            Assert.Equal(fitted, best);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void All_blocks_fit_and_the_best_comes_first(string name, string accelerator)
    {
        BlockQuery query = ReferenceCases.Query(name, Accelerator.Find(accelerator)!, partKernel: false, 32);
        var all = Blocks.FindAll(query);
        Assert.Equal(Blocks.FindBest(query), all[0]);
        Assert.Equal(all.Length, all.Select(c => c.OfmBlock).Distinct().Count());
        int end = query.Accelerator.ShramEnd(query.UsesLut);
        foreach (BlockConfig config in all)
        {
            Assert.True(Blocks.TryFit(query, config.OfmBlock, out BlockConfig again) && again == config);
            Assert.True(config.Layout.Ifm2Start <= config.Layout.IfmEnd && config.Layout.IfmEnd <= config.Layout.AccumulatorStart);
            Assert.True(config.Cost >= all[0].Cost && config.Layout.AccumulatorStart <= end);
        }
    }

    [Fact]
    public void All_blocks_are_found()
    {
        BlockQuery query = ReferenceCases.Query("G1", Accelerator.U55With128, partKernel: true, 32);
        int fitting = 0;
        for (int y = 1; y <= 32; y++)
            for (int x = 2; x <= 32; x += 2)
                fitting += Blocks.TryFit(query, new(y, x, 16), out _) ? 1 : 0;
        Assert.Equal(fitting, Blocks.FindAll(query).Length);
    }

    [Theory]
    [InlineData(0, 2, 16)]
    [InlineData(1, 3, 16)]
    [InlineData(1, 2, 12)]
    [InlineData(33, 2, 16)]
    [InlineData(1, 66, 16)]
    [InlineData(1, 2, 136)]
    [InlineData(1, 2, 24)]
    public void Blocks_that_the_accelerator_cannot_do_do_not_fit(int height, int width, int depth)
    {
        BlockQuery query = ReferenceCases.Query("G2", Accelerator.U55With128, partKernel: false, 32);
        Assert.False(Blocks.TryFit(query, new(height, width, depth), out _));
    }

    [Fact]
    public void A_scalar_of_32_bits_takes_a_buffer_of_its_own()
    {
        BlockQuery query = ReferenceCases.Query("G14", Accelerator.U55With128, partKernel: false, 32);
        Assert.Equal(
            Blocks.FindAll(query).Select(c => c.OfmBlock),
            Blocks.FindAll(query with { Second = SecondOperand.Scalar }).Select(c => c.OfmBlock));
    }

    [Theory]
    [InlineData(nameof(BlockOperation.Convolution), 8, true, 32)]
    [InlineData(nameof(BlockOperation.Convolution), 16, true, 40)]
    [InlineData(nameof(BlockOperation.Convolution), 16, false, 32)]
    [InlineData(nameof(BlockOperation.Pooling), 16, true, 32)]
    [InlineData(nameof(BlockOperation.ReduceSum), 16, true, 40)]
    public void Sums_of_16_bit_products_need_40_bits(string operation, int bits, bool scaled, int expected) =>
        Assert.Equal(expected, BlockQuery.AccumulatorBitsFor(Enum.Parse<BlockOperation>(operation), bits, scaled));

    public static TheoryData<Accelerator> All => [.. Accelerator.Compilable];

    [Theory]
    [MemberData(nameof(All))]
    public void Every_operation_within_the_limits_has_a_block(Accelerator accelerator)
    {
        foreach (int kernel in new[] { 1, 8, 64 })
            foreach (int stride in new[] { 1, 3 })
                foreach (int bits in new[] { 8, 16 })
                    foreach (NpuUpscale upscale in Enum.GetValues<NpuUpscale>())
                        foreach (bool lut in new[] { false, true })
                        {
                            var query = new BlockQuery(accelerator, BlockOperation.Depthwise, new(70, 70, 300), new(200, 200, 300), bits,
                                new(kernel, kernel, stride, stride, 2, 2))
                            {
                                Upscale = upscale,
                                UsesLut = lut,
                                AccumulatorBits = BlockQuery.AccumulatorBitsFor(BlockOperation.Depthwise, bits, true),
                            };
                            Assert.True(Blocks.FindBest(query).OfmBlock.ElementCount > 0);
                            Assert.True(Blocks
                                .FindBest(query with { Operation = BlockOperation.Convolution, PartKernelFirst =
                                true }).OfmBlock.ElementCount > 0);
                        }
    }
}

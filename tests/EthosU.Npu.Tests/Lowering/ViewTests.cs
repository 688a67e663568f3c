using EthosU.Graphs;
using EthosU.Npu.Lowering;
using EthosU.Npu.Lowering.Views;
using EthosU.Npu.Operations;
using Xunit;

namespace EthosU.Npu.Tests.Lowering;

public sealed class ViewTests
{
    private static View Whole(params ReadOnlySpan<int> sizes) =>
        View.Of(new("x", ElementType.Int8, new Shape([.. sizes]), NpuTensorRole.Internal));

    [Fact]
    public void A_slice_of_channels_keeps_the_strides_of_the_whole()
    {
        FeatureMap map = Whole(1, 4, 5, 32).Slice(3, 16, 8).ToFeatureMap();
        Assert.Equal((4, 5, 8, 16L, 160L, 32L), (map.Height, map.Width, map.Depth, map.Offset, map.StrideY, map.StrideX));
        Assert.True(map.TryGetWindow(out int y, out int x, out int c));
        Assert.Equal((0, 0, 16), (y, x, c));
        Assert.False(map.IsWhole);
    }

    [Fact]
    public void A_reshaped_whole_is_no_window_of_its_own_shape()
    {
        View flat = Whole(1, 4, 5, 6).TryReshape([1, 120])!;
        Assert.True(flat.IsDense);
        Assert.False(flat.ToFeatureMap().TryGetWindow(out _, out _, out _));
    }

    [Theory]
    [InlineData("2 2 4", true)]
    [InlineData("4 4", true)]
    [InlineData("16", false)]
    [InlineData("8 2", false)]
    public void A_part_can_be_reshaped_where_no_element_moves(string shape, bool possible)
    {
        View part = Whole(2, 2, 8).Slice(2, 0, 4);
        Assert.Equal(possible, part.TryReshape([.. shape.Split(' ').Select(int.Parse)]) is not null);
    }

    [Fact]
    public void Axes_of_size_one_come_and_go()
    {
        View view = Whole(1, 3, 1, 5).WithUnits([3, 5]);
        Assert.Equal([3, 5], view.Sizes);
        Assert.Equal([5L, 1L], view.Strides);
        Assert.Equal([3, 1, 5, 1], view.WithUnits([3, 1, 5, 1]).Sizes);
    }

    [Fact]
    public void A_reversed_axis_begins_at_its_end()
    {
        FeatureMap map = Whole(3, 4, 2).Reverse(1).ToFeatureMap();
        Assert.Equal((6L, -2L), (map.Offset, map.StrideX));
    }

    [Theory]
    [InlineData("2 3 4 5", "0 1 2 3", 1)]
    [InlineData("1 6 7 8", "0 2 1 3", 1)]
    [InlineData("1 6 7 8", "0 3 1 2", 6)]
    [InlineData("2 3 4 5 6", "4 3 2 1 0", 24)]
    public void A_copy_covers_every_element_once(string shape, string order, int operations)
    {
        View source = Whole([.. shape.Split(' ').Select(int.Parse)]).Permute([.. order.Split(' ').Select(int.Parse)]);
        View target = Whole([.. source.Sizes]);
        HashSet<(long From, long To)> pairs = [];
        int count = 0;
        foreach (FeatureMap[] maps in Pointwise.Split(source, target))
        {
            count++;
            for (int y = 0; y < maps[1].Height; y++)
                for (int x = 0; x < maps[1].Width; x++)
                    for (int c = 0; c < maps[1].Depth; c++)
                        Assert.True(pairs
                            .Add((maps[0].Offset + (y * maps[0].StrideY) + (x * maps[0].StrideX) + c,
                            maps[1].Offset + (y * maps[1].StrideY) + (x * maps[1].StrideX) + c)));
        }
        Assert.Equal(target.ElementCount, pairs.Count);
        Assert.Equal(target.ElementCount, pairs.Select(p => p.From).Distinct().Count());
        Assert.InRange(count, 1, operations);
    }
}

using EthosU.Npu.Memory;
using Xunit;

namespace EthosU.Npu.Tests.Memory;

public sealed class GapPlacementTests
{
    [Fact]
    public void The_lowest_gap_that_is_free_all_the_time_is_taken()
    {
        GapPlacement gaps = new([(new(0, 2, 32), 0), (new(1, 3, 16), 48), (new(4, 5, 64), 0)]);
        Assert.True(gaps.TryPlace(new(1, 2, 10), 64, out long offset));
        Assert.Equal(32, offset);
        Assert.True(gaps.TryPlace(new(3, 3, 40), 64, out offset));
        Assert.Equal(0, offset);
        Assert.Equal(64, gaps.Size);
    }

    [Fact]
    public void Nothing_is_placed_behind_the_limit()
    {
        GapPlacement gaps = new([(new(0, 2, 32), 0)]);
        Assert.False(gaps.TryPlace(new(2, 3, 17), 63, out _));
        Assert.Equal(32, gaps.Size);
        Assert.True(gaps.TryPlace(new(2, 3, 17), 64, out long offset));
        Assert.Equal((32, 64), (offset, gaps.Size));
        Assert.True(new GapPlacement([]).TryPlace(new(0, 0, 1), 16, out offset));
        Assert.Equal(0, offset);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Random_pieces_never_overlap(int seed)
    {
        Random random = new(seed);
        LiveRange Range()
        {
            int start = random.Next(50);
            return new(start, start + random.Next(20), random.Next(1, 500));
        }

        LiveRange[] first = [.. Enumerable.Range(0, 20).Select(_ => Range())];
        Allocation allocation = Allocator.Allocate(first, TestContext.Current.CancellationToken);
        List<(LiveRange Range, long Offset)> all = [.. first.Select((range, i) => (range, allocation.Offsets[i]))];
        GapPlacement gaps = new([.. all]);
        for (int i = 0; i < 40; i++)
        {
            LiveRange range = Range();
            if (!gaps.TryPlace(range, allocation.Size + 1000, out long offset))
                continue;
            Assert.Equal(0, offset % Allocator.Alignment);
            Assert.True(offset + range.Size <= allocation.Size + 1000);
            Assert.All(all, other => Assert
                .True(!other.Range.Overlaps(range) || offset + range.Size <= other.Offset || other.Offset + other.Range.Size <= offset));
            all.Add((range, offset));
        }
        Assert.True(all.Count > first.Length);
    }
}

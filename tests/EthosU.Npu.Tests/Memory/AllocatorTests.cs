using EthosU.Npu.Memory;
using Xunit;

namespace EthosU.Npu.Tests.Memory;

public sealed class AllocatorTests
{
    public static TheoryData<string, long> Known => new()
    {
        { "0,100,16 0,100,32 0,10,64", 112 },
        { "0,4,32 2,6,16 5,9,48 8,12,32 3,10,16", 96 },
        { "0,3,96 2,5,64 4,7,96 6,9,32 1,8,48 0,9,16", 224 },
        { "0,100,10 0,100,10", 32 },
        { "0,7,4096 1,3,2048 2,9,1024 4,6,3072 5,12,512 8,11,4096 10,15,2048 13,20,6144 3,14,256", 8960 },
    };

    [Theory]
    [MemberData(nameof(Known))]
    public void Known_ranges_take_the_least_memory(string ranges, long size)
    {
        LiveRange[] parsed =
            [.. ranges.Split(' ').Select(range => range.Split(','))
            .Select(p => new LiveRange(int.Parse(p[0]), int.Parse(p[1]), long.Parse(p[2])))];
        Allocation allocation = Allocator.Allocate(parsed, TestContext.Current.CancellationToken);
        Assert.Equal(size, allocation.Size);
        AssertApart(parsed, allocation);
    }

    [Theory]
    [InlineData(1, 10)]
    [InlineData(2, 40)]
    [InlineData(3, 120)]
    [InlineData(4, 300)]
    public void Random_ranges_are_apart_and_take_no_more_than_largest_first(int seed, int count)
    {
        Random random = new(seed);
        LiveRange[] ranges = [.. Enumerable.Range(0, count).Select(_ =>
        {
            int start = random.Next(count);
            return new LiveRange(start, start + random.Next(1 + (count / 4)), random.Next(1, 5000));
        })];
        Allocation allocation = Allocator.Allocate(ranges, TestContext.Current.CancellationToken);
        AssertApart(ranges, allocation);
        Assert.InRange(allocation.Size, Allocator.LowerBound(ranges), LargestFirst(ranges));
        Assert.Equal(allocation.Offsets, Allocator.Allocate(ranges, TestContext.Current.CancellationToken).Offsets);
    }

    /// <summary>Of so many ranges alive at once no list of pairs is made.</summary>
    [Fact]
    public void Thousands_at_once_lie_apart()
    {
        Random random = new(3);
        LiveRange[] ranges = [.. Enumerable.Range(0, 6000).Select(i => new LiveRange(i, i + random.Next(2500), 1 + random.Next(300)))];
        Allocation allocation = Allocator.Allocate(ranges, TestContext.Current.CancellationToken);
        AssertApart(ranges, allocation);
        Assert.InRange(allocation.Size, Allocator.LowerBound(ranges), 2 * Allocator.LowerBound(ranges));
    }

    /// <summary>Some pieces ask for more than 16 bytes of alignment, few (listed in pairs) or many at once.</summary>
    [Theory]
    [InlineData(60, 64)]
    [InlineData(300, 256)]
    [InlineData(6000, 128)]
    public void Pieces_lie_where_their_alignment_wants_them(int count, int alignment)
    {
        Random random = new(count);
        LiveRange[] ranges = [.. Enumerable.Range(0, count).Select(i =>
            new LiveRange(i, i + random.Next(count / 2), 1 + random.Next(300)) { Alignment = i % 3 == 0 ? alignment : 0 })];
        Allocation allocation = Allocator.Allocate(ranges, TestContext.Current.CancellationToken);
        AssertApart(ranges, allocation);
        Assert.Contains(allocation.Offsets, offset => offset % alignment != 0);
    }

    [Fact]
    public void Nothing_takes_nothing() => Assert.Equal(0, Allocator.Allocate([], TestContext.Current.CancellationToken).Size);

    private static void AssertApart(LiveRange[] ranges, Allocation allocation)
    {
        for (int i = 0; i < ranges.Length; i++)
        {
            Assert.Equal(0, allocation.Offsets[i] % ranges[i].Alignment);
            Assert.True(allocation.Offsets[i] + ranges[i].Size <= allocation.Size);
            for (int j = 0; j < i; j++)
                if (ranges[i].Overlaps(ranges[j]))
                    Assert.True(allocation.Offsets[i] >= allocation.Offsets[j] + ranges[j].Size
                        || allocation.Offsets[j] >= allocation.Offsets[i] + ranges[i].Size);
        }
    }

    /// <summary>Each at the lowest free place, the largest first.</summary>
    private static long LargestFirst(LiveRange[] ranges)
    {
        List<(LiveRange Range, long Offset)> placed = [];
        foreach (LiveRange range in ranges.OrderByDescending(r => r.Size))
        {
            long offset = 0;
            foreach ((LiveRange other, long start) in placed.Where(p => p.Range.Overlaps(range)).OrderBy(p => p.Offset))
            {
                if (start >= offset + Allocator.Align(range.Size))
                    break;
                offset = Math.Max(offset, start + Allocator.Align(other.Size));
            }
            placed.Add((range, offset));
        }
        return placed.Max(p => p.Offset + Allocator.Align(p.Range.Size));
    }
}

using Xunit;

namespace EthosU.Interpreter.Tests;

public sealed class MemoryPlanTests
{
    /// <summary>What is alive at the same time does not overlap, however many there are.</summary>
    [Theory]
    [InlineData(300, 20)]
    [InlineData(300, 300)]
    [InlineData(6000, 5)]
    public void TensorsOfOneTimeLieApart(int count, int longest)
    {
        Random random = new(count + longest);
        MemoryPlan.Range[] ranges =
            [.. Enumerable.Range(0, count).Select(i => new MemoryPlan.Range(i, i + random.Next(longest), random.Next(500)))];
        foreach ((int[] offsets, int bytes) in (List<(int[], int)>)[MemoryPlan.Place(ranges), MemoryPlan.ByTime(ranges)])
        {
            long most = 0;
            for (int i = 0; i < count; i++)
            {
                Assert.Equal(ranges[i].Bytes == 0, offsets[i] < 0);
                Assert.True(offsets[i] + ranges[i].Bytes <= bytes);
                long live = 0;
                for (int other = Math.Max(0, i - longest); other <= i; other++)
                {
                    if (ranges[other].Last < i || ranges[other].Bytes == 0)
                        continue;
                    live += (ranges[other].Bytes + 63) / 64 * 64;
                    Assert.True(other == i || ranges[i].Bytes == 0 || offsets[other] + ranges[other].Bytes <= offsets[i]
                        || offsets[i] + ranges[i].Bytes <= offsets[other]);
                }
                most = Math.Max(most, live);
            }
            Assert.InRange(bytes, most, 2 * most); // little is lost to gaps
        }
    }
}

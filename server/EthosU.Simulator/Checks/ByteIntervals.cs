using EthosU.Npu.Operations;

namespace EthosU.Simulator;

/// <summary>The bytes of a part of a feature map as sorted intervals without overlaps.</summary>
internal sealed class ByteIntervals
{
    private const int Brick = 16;
    private readonly List<(long Start, long End)> intervals = [];

    /// <summary>The bytes of a box of elements, which is cut to what exists.</summary>
    public static ByteIntervals Of(AddressedFeatureMap map, in ElementBox box)
    {
        ByteIntervals result = new();
        result.intervals.AddRange(Runs(map, box.Inside(map)));
        result.Normalize();
        return result;
    }

    /// <summary>True if some byte is in the box of elements, which is cut to what exists.</summary>
    public bool Intersects(AddressedFeatureMap map, in ElementBox box)
    {
        foreach ((long start, long end) in Runs(map, box.Inside(map)))
        {
            int low = 0, high = intervals.Count;
            while (low < high)
            {
                int middle = (low + high) / 2;
                (low, high) = intervals[middle].End <= start ? (middle + 1, high) : (low, middle);
            }
            if (low < intervals.Count && intervals[low].Start < end)
                return true;
        }
        return false;
    }

    /// <summary>The number of intervals of a map at most, before those next to each other are joined.</summary>
    public static long Bound(AddressedFeatureMap map) =>
        (long)map.Height * map.Width * (map.Layout == FeatureMapLayout.Nhwc ? 1 : (map.Depth + Brick - 1) / Brick);

    /// <summary>True if some byte is in both.</summary>
    public bool Intersects(ByteIntervals other)
    {
        for (int i = 0, j = 0; i < intervals.Count && j < other.intervals.Count;)
        {
            if (intervals[i].End <= other.intervals[j].Start)
                i++;
            else if (other.intervals[j].End <= intervals[i].Start)
                j++;
            else
                return true;
        }
        return false;
    }

    /// <summary>The bytes run by run, in the order of rows, columns and channels.</summary>
    private static IEnumerable<(long Start, long End)> Runs(AddressedFeatureMap map, ElementBox box)
    {
        int bytes = map.ElementBytes;
        if (box.Count <= 0)
            yield break;
        for (int y = box.Y; y < box.EndY; y++)
        {
            for (int x = box.X; x < box.EndX;)
            {
                (long address, _, int endX) = map.Locate(y, x);
                int count = Math.Min(box.EndX, endX) - x;
                x += count;
                if (map.Layout == FeatureMapLayout.Nhwc)
                {
                    long first = address + (long)box.C * bytes, length = (long)(box.EndC - box.C) * bytes;
                    if (map.StrideX == length)
                        yield return (first, first + count * length);
                    else
                        for (int i = 0; i < count; i++)
                            yield return (first + i * map.StrideX, first + i * map.StrideX + length);
                    continue;
                }
                for (int c = box.C / Brick * Brick; c < box.EndC; c += Brick)
                {
                    long first = address + c / Brick * map.StrideC;
                    int low = Math.Max(0, box.C - c), high = Math.Min(Brick, box.EndC - c);
                    if (low == 0 && high == Brick)
                        yield return (first, first + (long)count * Brick * bytes);
                    else
                        for (int i = 0; i < count; i++)
                            yield return (first + (i * Brick + low) * (long)bytes, first + (i * Brick + high) * (long)bytes);
                }
            }
        }
    }

    private void Normalize()
    {
        intervals.Sort();
        int kept = 0;
        for (int i = 1; i < intervals.Count; i++)
        {
            if (intervals[i].Start <= intervals[kept].End)
                intervals[kept] = (intervals[kept].Start, Math.Max(intervals[kept].End, intervals[i].End));
            else
                intervals[++kept] = intervals[i];
        }
        if (intervals.Count > 0)
            intervals.RemoveRange(kept + 1, intervals.Count - kept - 1);
    }
}

using EthosU.Npu.Operations;

namespace EthosU.Simulator;

/// <summary>Writes rows of the output, in the order [column, channel] (npu-commands 5).</summary>
internal sealed class MapWriter(Execution run, AddressedFeatureMap map)
{
    private const int Brick = 16;
    private const string Name = "the output";

    /// <summary>Writes a row of stored numbers.</summary>
    public void WriteRow(int y, ReadOnlySpan<int> values)
    {
        int depth = map.Depth;
        for (int x = 0; x < map.Width;)
        {
            (long address, _, int endX) = map.Locate(y, x);
            int count = Math.Min(map.Width, endX) - x;
            ReadOnlySpan<int> part = values.Slice(x * depth, count * depth);
            if (map.Layout == FeatureMapLayout.Nhwc)
                WriteLinear(address, count, part);
            else
                WriteBricks(address, count, part);
            x += count;
        }
    }

    private void WriteLinear(long address, int count, ReadOnlySpan<int> values)
    {
        int bytes = map.Depth * map.ElementBytes;
        if (map.StrideX == bytes)
        {
            ElementConversion.FromInt32(values, map.ElementBytes, run.Write(map.Region, address, (long)count * bytes, Name));
            return;
        }
        for (int x = 0; x < count; x++)
            ElementConversion
                .FromInt32(values.Slice(x * map.Depth, map.Depth), map.ElementBytes,
                run.Write(map.Region, address + x * map.StrideX, bytes, Name));
    }

    private void WriteBricks(long address, int count, ReadOnlySpan<int> values)
    {
        int depth = map.Depth, step = Brick * map.ElementBytes;
        for (int c = 0; c < depth; c += Brick)
        {
            int channels = Math.Min(Brick, depth - c);
            long start = address + c / Brick * map.StrideC;
            if (channels == Brick)
            {
                Span<byte> target = run.Write(map.Region, start, (long)count * step, Name);
                for (int x = 0; x < count; x++)
                    ElementConversion.FromInt32(values.Slice(x * depth + c, Brick), map.ElementBytes, target.Slice(x * step, step));
                continue;
            }
            for (int x = 0; x < count; x++)
                ElementConversion
                    .FromInt32(values.Slice(x * depth + c, channels), map.ElementBytes,
                    run.Write(map.Region, start + x * step, channels * map.ElementBytes, Name));
        }
    }
}

using System.Runtime.InteropServices;
using EthosU.Npu.Operations;

namespace EthosU.Simulator;

/// <summary>Writes rows of the output, in the order [column, channel] (npu-commands 5).</summary>
internal sealed class MapWriter(Execution run, AddressedFeatureMap map)
{
    private const int Brick = 16;
    private const string Name = "the output";

    /// <summary>Writes a row of stored numbers.</summary>
    public void WriteRow<T>(int y, ReadOnlySpan<T> values) where T : unmanaged
    {
        int depth = map.Depth;
        for (int x = 0; x < map.Width;)
        {
            (long address, _, int endX) = map.Locate(y, x);
            int count = Math.Min(map.Width, endX) - x;
            ReadOnlySpan<T> part = values.Slice(x * depth, count * depth);
            if (map.Layout == FeatureMapLayout.Nhwc)
                WriteLinear(address, count, part);
            else
                WriteBricks(address, count, part);
            x += count;
        }
    }

    private void WriteLinear<T>(long address, int count, ReadOnlySpan<T> values) where T : unmanaged
    {
        int bytes = map.Depth * map.ElementBytes;
        if (map.StrideX == bytes)
        {
            Convert(values, run.Write(map.Region, address, (long)count * bytes, Name));
            return;
        }
        for (int x = 0; x < count; x++)
            Convert(values.Slice(x * map.Depth, map.Depth), run.Write(map.Region, address + x * map.StrideX, bytes, Name));
    }

    private void WriteBricks<T>(long address, int count, ReadOnlySpan<T> values) where T : unmanaged
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
                    Convert(values.Slice(x * depth + c, Brick), target.Slice(x * step, step));
                continue;
            }
            for (int x = 0; x < count; x++)
                Convert(values.Slice(x * depth + c, channels),
                    run.Write(map.Region, start + x * step, channels * map.ElementBytes, Name));
        }
    }

    private void Convert<T>(ReadOnlySpan<T> values, Span<byte> target) where T : unmanaged
    {
        if (typeof(T) == typeof(long))
            ElementConversion.FromInt64(MemoryMarshal.Cast<T, long>(values), map.ElementBytes, target);
        else
            ElementConversion.FromInt32(MemoryMarshal.Cast<T, int>(values), map.ElementBytes, target);
    }
}

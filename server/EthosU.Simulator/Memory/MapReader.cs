using System.Runtime.InteropServices;
using EthosU.Npu.Operations;

namespace EthosU.Simulator;

/// <summary>Reads rows of a feature map as integers less the zero point, in the order [column, channel] (npu-commands 5).</summary>
internal sealed class MapReader(Execution run, AddressedFeatureMap map, string name)
{
    private const int Brick = 16;

    public AddressedFeatureMap Map { get; } = map;

    /// <summary>Reads a row.</summary>
    /// <param name="y">The row.</param>
    /// <param name="target">[width × depth]; <see cref="short"/> if the elements fit, <see cref="int"/> or <see cref="long"/>.</param>
    public void ReadRow<T>(int y, Span<T> target) where T : unmanaged
    {
        int depth = Map.Depth;
        for (int x = 0; x < Map.Width;)
        {
            (long address, _, int endX) = Map.Locate(y, x);
            int count = Math.Min(Map.Width, endX) - x;
            Span<T> part = target.Slice(x * depth, count * depth);
            if (Map.Layout == FeatureMapLayout.Nhwc)
                ReadLinear(address, count, part);
            else
                ReadBricks(address, count, part);
            x += count;
        }
    }

    private void ReadLinear<T>(long address, int count, Span<T> target) where T : unmanaged
    {
        int bytes = Map.Depth * Map.ElementBytes;
        if (Map.StrideX == bytes)
        {
            Convert(run.Read(Map.Region, address, (long)count * bytes, name), target);
            return;
        }
        for (int x = 0; x < count; x++)
            Convert(run.Read(Map.Region, address + x * Map.StrideX, bytes, name), target.Slice(x * Map.Depth, Map.Depth));
    }

    private void ReadBricks<T>(long address, int count, Span<T> target) where T : unmanaged
    {
        int depth = Map.Depth, step = Brick * Map.ElementBytes;
        for (int c = 0; c < depth; c += Brick)
        {
            int channels = Math.Min(Brick, depth - c);
            long start = address + c / Brick * Map.StrideC;
            if (channels == Brick)
            {
                ReadOnlySpan<byte> source = run.Read(Map.Region, start, (long)count * step, name);
                for (int x = 0; x < count; x++)
                    Convert(source.Slice(x * step, step), target.Slice(x * depth + c, Brick));
                continue;
            }
            for (int x = 0; x < count; x++)
                Convert(run.Read(Map.Region, start + x * step, channels * Map.ElementBytes, name), target.Slice(x * depth + c, channels));
        }
    }

    private void Convert<T>(ReadOnlySpan<byte> source, Span<T> target) where T : unmanaged
    {
        if (typeof(T) == typeof(short))
            ElementConversion.ToInt16(source, Map.Type, Map.ZeroPoint, MemoryMarshal.Cast<T, short>(target));
        else if (typeof(T) == typeof(long))
            ElementConversion.ToInt64(source, Map.Type, Map.ZeroPoint, MemoryMarshal.Cast<T, long>(target));
        else
            ElementConversion.ToInt32(source, Map.Type, Map.ZeroPoint, MemoryMarshal.Cast<T, int>(target));
    }
}

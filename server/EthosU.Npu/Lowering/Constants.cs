using EthosU.Graphs;

namespace EthosU.Npu.Lowering;

/// <summary>Makes constant elements.</summary>
internal static class Constants
{
    /// <summary>The same integer everywhere.</summary>
    public static TensorData Filled(ElementType type, Shape shape, long value)
    {
        int size = type.ByteSize();
        var bytes = new byte[checked((int)shape.ElementCount * size)];
        for (int i = 0; i < bytes.Length; i++)
            bytes[i] = unchecked((byte)(value >> (8 * (i % size))));
        return new(type, shape, bytes);
    }
}

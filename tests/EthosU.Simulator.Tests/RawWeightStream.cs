namespace EthosU.Simulator.Tests;

/// <summary>Writes weights without compression: one slice, no palette, 9 bits each (npu-weights 2.3 to 2.5).</summary>
internal static class RawWeightStream
{
    public static byte[] Encode(IEnumerable<int> weights)
    {
        int[] values = [.. weights];
        List<bool> bits = [];
        void Put(int value, int count)
        {
            for (int i = 0; i < count; i++)
                bits.Add((value >> i & 1) != 0);
        }

        Put(6, 3);
        Put(values.Length - 1, 15);
        Put(7, 3);
        Put(0, 1);
        Put(1, 1);
        Put(0, 5);
        Put(0, 5);
        Put(7, 3);
        foreach (int value in values)
            Put(2 * Math.Abs(value) + (value < 0 ? 1 : 0), 9);
        Put(7, 3);
        while (bits.Count % 128 != 0)
            bits.Add(true);
        var bytes = new byte[bits.Count / 8];
        for (int i = 0; i < bits.Count; i++)
            if (bits[i])
                bytes[i / 8] |= (byte)(1 << i % 8);
        return bytes;
    }
}

namespace EthosU.Simulator;

/// <summary>tanh and sigmoid of 16 bits: an interpolated table of TensorFlow Lite (npu-commands 6.6).</summary>
internal static class ActivationFunctions
{
    private const int Entries = 256;

    // Where the table's entry is one more than the rounded function.
    private static ReadOnlySpan<byte> RoundedUp =>
    [
        4, 8, 12, 14, 15, 16, 17, 19, 20, 21, 22, 25, 27, 28, 29, 30, 31, 33, 34, 35, 37, 39, 40, 41, 43, 44, 45, 46, 49, 50,
        54, 62, 63, 64, 66, 82, 86, 93, 100, 103, 112, 116, 135, 255,
    ];

    private static readonly int[] Table = MakeTable();

    /// <summary>The table, for tests.</summary>
    public static ReadOnlySpan<int> Values => Table;

    /// <summary>sigmoid(r / 12288) in Q0.15.</summary>
    public static long Sigmoid(long r)
    {
        ulong magnitude = Magnitude(r), index = magnitude >> 9;
        long q = index >= Entries - 1 ? 0x7FFFL << 10
            : ((long)Table[index] << 9) + (long)(magnitude & 511) * (Table[index + 1] - Table[index]);
        return (r >= 0 ? q + 512 : (1 << 25) - q + 511) >> 10;
    }

    /// <summary>tanh(r / 12288) in Q0.15.</summary>
    public static long Tanh(long r)
    {
        ulong magnitude = Magnitude(r), index = magnitude >> 8;
        long q = index >= Entries - 1 ? 0xFFFFL << 8
            : ((long)Table[index] << 8) + (long)(magnitude & 255) * (Table[index + 1] - Table[index]);
        return (r >= 0 ? q - (1 << 23) + (1 << 7) : -q + (1 << 23) + (1 << 7) - 1) >> 8;
    }

    private static ulong Magnitude(long r) => r >= 0 ? (ulong)r : (ulong)-(r + 1) + 1;

    private static int[] MakeTable()
    {
        var table = new int[Entries];
        for (int k = 0; k < Entries; k++)
            table[k] = (int)Math.Min(65535, Math.Floor(65536 / (1 + Math.Exp(-k / 24.0)) + 0.5) + (RoundedUp.Contains((byte)k) ? 1 : 0));
        return table;
    }
}

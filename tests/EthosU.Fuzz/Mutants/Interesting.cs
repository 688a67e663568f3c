namespace EthosU.Fuzz.Mutants;

/// <summary>Values at which programs fail.</summary>
internal static class Interesting
{
    private static readonly long[] Numbers =
        [0, 1, 2, 3, 4, 7, 8, 16, 64, 127, 128, 255, 256, 1000, 32767, 32768, 65535, 65536, 1 << 20, int.MaxValue, int.MaxValue - 1,
        1L << 31, 1L << 32, long.MaxValue, -1, -2, -3, -128, -129, -32768, int.MinValue, long.MinValue];
    private static readonly float[] Floats =
        [0, -0f, 1, -1, 0.5f, 1e-45f, 1e-38f, 1e-20f, 1e20f, float.MaxValue, float.MinValue, float.PositiveInfinity, float.NegativeInfinity,
        float.NaN, 255, 1f / 255, 127.5f];
    private static readonly string[] Texts =
        ["", "a", "\0", "\u001b[2J", "[x](command:y)", "../../x", "/dev/zero", "\\\\host\\share", "\ud83d\ude00", "é", "%s%n", "-1", "NaN",
        "1e999", new('x', 5000), "ai.onnx", "com.microsoft", "/", "\r\nerror: x"];

    /// <summary>A whole number: a special one, or one near the old.</summary>
    public static long Number(Random random, long old) => random.Next(4) switch
    {
        0 => old + random.Next(-4, 5),
        1 => old * (1L << random.Next(1, 8)),
        _ => Numbers[random.Next(Numbers.Length)],
    };

    /// <summary>A number of single precision.</summary>
    public static float Float(Random random, float old) => random.Next(3) switch
    {
        0 => old * (float)Math.Pow(2, random.Next(-40, 40)),
        1 => -old,
        _ => Floats[random.Next(Floats.Length)],
    };

    /// <summary>A text.</summary>
    public static string Text(Random random) => Texts[random.Next(Texts.Length)];
}

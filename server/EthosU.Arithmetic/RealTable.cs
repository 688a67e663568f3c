namespace EthosU.Arithmetic;

/// <summary>Functions of reals as tables (tflite-kernels 2.9), computed in single precision.</summary>
public static class RealTable
{
    private const int Entries = 256, Steps = 512;

    /// <summary>
    /// A table of 8-bit inputs: 256 results, the first of the lowest input;
    /// results beyond the type saturate, NaN gives the zero point.
    /// </summary>
    /// <param name="x">The input's quantization.</param>
    /// <param name="lowest">The lowest input.</param>
    /// <param name="y">The result's quantization.</param>
    /// <param name="low">The lowest result.</param>
    /// <param name="high">The highest result.</param>
    /// <param name="function">The function.</param>
    public static int[] Narrow(AffineQuantization x, int lowest, AffineQuantization y, int low, int high, Func<float, float> function)
    {
        float inverse = 1f / y.Scale;
        var table = new int[Entries];
        for (int i = 0; i < table.Length; i++)
        {
            float value = Rounding.HalfAway(function(x.Real(lowest + i)) * inverse);
            table[i] = float.IsNaN(value) ? y.ZeroPoint : (int)Math.Clamp((double)(value + y.ZeroPoint), low, high);
        }
        return table;
    }

    /// <summary>A table of 16-bit inputs: 513 points, between which <see cref="LookUp"/> interpolates.</summary>
    public static short[] Wide(AffineQuantization x, AffineQuantization y, Func<float, float> function)
    {
        float minX = x.Real(short.MinValue), maxX = x.Real(short.MaxValue), minY = y.Real(short.MinValue), maxY = y.Real(short.MaxValue);
        float step = (maxX - minX) / Steps, half = step / 2, inverse = 65536 / (maxY - minY);
        var table = new short[Steps + 1];
        for (int i = 0; i < Steps; i++)
        {
            float here = Rounding.HalfAway(function(minX + (i * step)) * inverse);
            float middle = function(minX + (i * step) + half), next = function(minX + ((i + 1) * step));
            float interpolated = Rounding.HalfAway(((next * inverse) + here) / 2);
            float bias = Rounding.HalfAway((interpolated - Rounding.HalfAway(middle * inverse)) / 2);
            table[i] = (short)Math.Clamp(here - bias, short.MinValue, short.MaxValue);
        }
        table[Steps] = (short)Math.Clamp(Rounding.HalfAway(function(maxX) * inverse), short.MinValue, short.MaxValue);
        return table;
    }

    /// <summary>The result of a 16-bit input by a table of 513 points.</summary>
    public static short LookUp(ReadOnlySpan<short> table, short q)
    {
        int index = 256 + (q >> 7), offset = q & 127;
        int slope = (short)(table[index + 1] - table[index]);
        return (short)(table[index] + (((slope * offset) + 64) >> 7));
    }
}

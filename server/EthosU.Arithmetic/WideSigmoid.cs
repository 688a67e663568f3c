namespace EthosU.Arithmetic;

/// <summary>LOGISTIC and TANH of 16 bits by an interpolated table (tflite-kernels 2.9 and 3.5), of inputs in steps of 1/12288.</summary>
public static class WideSigmoid
{
    private const int FractionBits = 12, Unit = 3;
    private static readonly int[] Table = MakeTable();

    /// <summary>The factor multiplier / 2^shift that brings an input of a scale to steps of 1/12288.</summary>
    /// <exception cref="FactorException">The scale is too large.</exception>
    public static (int Multiplier, int Shift) InputFactor(float scale, bool tanh)
    {
        float log = Log2(scale), nearest = Rounding.HalfAway(log);
        int shift = FractionBits + (int)nearest;
        if (Math.Abs(log - nearest) < 0.001f && (shift == 0 || (tanh && shift == 1)))
            return (Unit << shift, 0);
        double multiplier = scale * 4096.0 * Unit;
        int right = 0;
        while (multiplier <= short.MaxValue / 2.0 && right <= 30)
        {
            multiplier *= 2;
            right++;
        }
        return multiplier <= int.MaxValue
            ? ((int)multiplier, right)
            : throw new FactorException($"Its input's scale {scale} is too large.");
    }

    /// <summary>The power of two for which the state of an LSTM's cell takes its scale (tflite-kernels 3.12).</summary>
    public static int PowerOfState(float scale) => (int)Rounding.HalfAway(Log2(scale));

    /// <summary>The factor of a state whose scale is 2^<paramref name="power"/>, −30 to 15.</summary>
    public static (int Multiplier, int Shift) StateFactor(int power) =>
        power >= -FractionBits ? (Unit << (FractionBits + power), 0) : (Unit, -FractionBits - power);

    /// <summary>The function of q × multiplier / 2^shift.</summary>
    public static Func<int, int> At((int Multiplier, int Shift) factor, bool tanh)
    {
        (int multiplier, int shift) = factor;
        return q =>
        {
            long product = (long)q * multiplier;
            int value = (int)((product + (shift > 0 ? 1L << (shift - 1) : 0)) >> shift);
            return tanh ? Tanh(value) : Logistic(value);
        };
    }

    /// <summary>The logistic function of a number of steps; in steps of 2^−15.</summary>
    public static int Logistic(int value)
    {
        long magnitude = Math.Abs((long)value), index = magnitude >> 9;
        int result = index >= 255 ? 32767 << 10 : (Table[index] << 9) + ((int)(magnitude & 511) * (Table[index + 1] - Table[index]));
        result = value >= 0 ? result + (1 << 9) : (1 << 25) - result + (1 << 9) - 1;
        return (short)(result >> 10);
    }

    /// <summary>The hyperbolic tangent of a number of steps; in steps of 2^−15.</summary>
    public static int Tanh(int value)
    {
        long magnitude = Math.Abs((long)value), index = magnitude >> 8;
        int result = index >= 255 ? 65535 << 8 : (Table[index] << 8) + ((int)(magnitude & 255) * (Table[index + 1] - Table[index]));
        result = value >= 0 ? result - (1 << 23) + (1 << 7) : -result + (1 << 23) + (1 << 7) - 1;
        return (short)(result >> 8);
    }

    private static float Log2(float scale) => Elementary.Log(scale) * (1f / Elementary.Log(2f));

    private static int[] MakeTable()
    {
        const double step = 1.0 / 24;
        var table = new int[256];
        for (int i = 0; i < 256; i++)
        {
            double sigmoid = 1 / (1 + Elementary.Exp(-i * step));
            double curvature = sigmoid * (1 - sigmoid) * (1 - (2 * sigmoid));
            table[i] = (int)Math.Floor((65536 * (sigmoid - (curvature * step * step / 16))) + 0.5);
        }
        table[255] = 65535;
        return table;
    }
}

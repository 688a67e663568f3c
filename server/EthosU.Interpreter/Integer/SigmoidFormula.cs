using EthosU.Graphs;

namespace EthosU.Interpreter.Integer;

/// <summary>LOGISTIC and TANH (tflite-kernels 2.9 and 3.5): fixed-point functions for int8, an interpolated table for int16.</summary>
internal static class SigmoidFormula
{
    private static readonly int[] Table = MakeTable();

    public static Func<int, int> Make8(Tensor x, bool tanh)
    {
        var input = Multiplier.From(NodeFacts.Scale(x) * (double)(1 << 27));
        int radius = FixedPoint.InputRadius(4, input.Shift), zero = NodeFacts.ZeroPoint(x);
        return q =>
        {
            int value = q - zero;
            if (value <= -radius)
                return sbyte.MinValue;
            if (value >= radius)
                return sbyte.MaxValue;
            int fixedPoint = input.Apply(value);
            int result = tanh
                ? FixedPoint.DivideByPowerOfTwo(FixedPoint.Tanh(fixedPoint, 4), 24)
                : FixedPoint.DivideByPowerOfTwo(FixedPoint.Logistic(fixedPoint, 4), 23) - 128;
            return Math.Clamp(result, sbyte.MinValue, sbyte.MaxValue);
        };
    }

    public static Func<int, int> Make16(float scale, bool tanh)
    {
        float log = MathF.Log(scale) * (1f / MathF.Log(2f));
        float nearest = Rounding.HalfAway(log);
        int shift = 12 + (int)nearest;
        if (Math.Abs(log - nearest) < 0.001f && (shift == 0 || (tanh && shift == 1)))
            return At(3 << shift, 0, tanh);
        double multiplier = scale * 4096.0 * 3;
        int right = 0;
        while (multiplier <= 32767.0 / 2 && right <= 30)
        {
            multiplier *= 2;
            right++;
        }
        return multiplier <= int.MaxValue ? At((int)multiplier, right, tanh) : throw new KernelRefusedException($"Its input's scale {scale} is too large.");
    }

    /// <summary>The function of q × multiplier / 2^shift, in steps of 1/4096 / 3.</summary>
    public static Func<int, int> At(int multiplier, int shift, bool tanh) => q =>
    {
        long product = (long)q * multiplier;
        int value = (int)((product + (shift > 0 ? 1L << (shift - 1) : 0)) >> shift);
        return tanh ? Tanh(value) : Logistic(value);
    };

    private static int Logistic(int value)
    {
        long magnitude = Math.Abs((long)value), index = magnitude >> 9;
        int result = index >= 255 ? 32767 << 10 : (Table[index] << 9) + ((int)(magnitude & 511) * (Table[index + 1] - Table[index]));
        result = value >= 0 ? result + (1 << 9) : (1 << 25) - result + (1 << 9) - 1;
        return (short)(result >> 10);
    }

    private static int Tanh(int value)
    {
        long magnitude = Math.Abs((long)value), index = magnitude >> 8;
        int result = index >= 255 ? 65535 << 8 : (Table[index] << 8) + ((int)(magnitude & 255) * (Table[index + 1] - Table[index]));
        result = value >= 0 ? result - (1 << 23) + (1 << 7) : -result + (1 << 23) + (1 << 7) - 1;
        return (short)(result >> 8);
    }

    private static int[] MakeTable()
    {
        const double step = 1.0 / 24;
        var table = new int[256];
        for (int i = 0; i < 256; i++)
        {
            double sigmoid = 1 / (1 + Math.Exp(-i * step));
            double curvature = sigmoid * (1 - sigmoid) * (1 - (2 * sigmoid));
            table[i] = (int)Math.Floor((65536 * (sigmoid - (curvature * step * step / 16))) + 0.5);
        }
        table[255] = 65535;
        return table;
    }
}

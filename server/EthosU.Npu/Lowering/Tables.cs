using EthosU.Graphs;
using EthosU.Npu.Commands;

namespace EthosU.Npu.Lowering;

/// <summary>Contents of lookup tables (npu-operators 2.13 to 2.15).</summary>
internal static class Tables
{
    /// <summary>A table of 8-bit results; <paramref name="function"/> maps stored input to stored result, which is clamped.</summary>
    public static LookupTable Of8(ElementType input, ElementType output, Func<int, long> function)
    {
        (int inputMin, _) = input.IntegerRange();
        (int min, int max) = output.IntegerRange();
        var entries = new int[256];
        for (int i = 0; i < 256; i++)
            entries[i] = (int)Math.Clamp(function(inputMin + i), min, max);
        return LookupTable.Of8(entries);
    }

    /// <summary>A table of a real function, in single precision as the reference's tables (tflite-kernels 2.9).</summary>
    public static LookupTable OfReal(Tensor input, Tensor output, Func<float, float> function)
    {
        Quantization from = input.Quantization!, to = output.Quantization!;
        float inverse = 1 / to.Scale;
        return Of8(input.Type, output.Type, q =>
        {
            float x = from.Scale * (q - from.ZeroPoint);
            float y = MathF.Round(function(x) * inverse, MidpointRounding.AwayFromZero);
            return float.IsNaN(y) ? 0 : (long)Math.Clamp(y + to.ZeroPoint, -1e9f, 1e9f);
        });
    }

    /// <summary>LOGISTIC in fixed point, for the result's fixed quantization of 1/256 and the type's minimum.</summary>
    public static LookupTable Logistic(Tensor input, Tensor output) => Sigmoidal(input, output, (y, min) =>
        FixedPoint.DivideByPowerOfTwo(FixedPoint.Logistic(y, 4), 23) + min, low: 0, high: 255, x => 1 / (1 + Math.Exp(-x)), 1 / 256f, output.Type.IntegerRange().Min);

    /// <summary>TANH in fixed point, for the result's fixed quantization of 1/128 and the middle of the type's range.</summary>
    public static LookupTable Tanh(Tensor input, Tensor output) => Sigmoidal(input, output, (y, min) =>
        FixedPoint.DivideByPowerOfTwo(FixedPoint.Tanh(y, 4), 24) + min + 128, low: 0, high: 255, Math.Tanh, 1 / 128f, output.Type.IntegerRange().Min + 128);

    /// <summary>HARD_SWISH in 16-bit fixed point.</summary>
    public static LookupTable HardSwish(Tensor input, Tensor output)
    {
        Quantization from = input.Quantization!, to = output.Quantization!;
        double fine = from.Scale / 128.0;
        FixedPointScale result = FixedPointScale.From(fine / to.Scale), relu = FixedPointScale.From(fine / (3.0 / 32768));
        if (31 - result.Shift < -31)
            result = new(0, 31); // the reference takes so small a quotient for 0
        int resultFactor = Short(result.Multiplier), reluFactor = Short(relu.Multiplier);
        int resultExponent = 31 - result.Shift, reluExponent = 31 - relu.Shift;
        return Of8(input.Type, output.Type, q =>
        {
            int h = (q - from.ZeroPoint) * 128;
            int pre = FixedPoint.MultiplyHigh16(h, resultFactor);
            int r = h;
            if (reluExponent > 0)
                r = Saturate16((long)r << (reluExponent - 1));
            r = FixedPoint.MultiplyHigh16(r, reluFactor);
            if (reluExponent > 0)
                r = Saturate16((long)r << 1);
            if (reluExponent < 0)
                r = FixedPoint.DivideByPowerOfTwo(r, -reluExponent);
            r = (r + 32768) >> 1;
            int y = Saturate16((long)r * pre / 32768);
            return FixedPoint.DivideByPowerOfTwo(y, Math.Max(0, -resultExponent)) + to.ZeroPoint;
        });
    }

    /// <summary>Different factors for values below and above real zero (LEAKY_RELU and PRELU with one slope).</summary>
    /// <param name="input">Input.</param>
    /// <param name="output">Result.</param>
    /// <param name="identity">Factor of values of zero or more.</param>
    /// <param name="slope">Factor of negative values; may be negative itself.</param>
    /// <param name="step">Whole number with which negative values are multiplied before.</param>
    public static LookupTable TwoSlopes(Tensor input, Tensor output, double identity, double slope, int step = 1)
    {
        Quantization from = input.Quantization!, to = output.Quantization!;
        FixedPointScale above = FixedPointScale.From(identity), below = FixedPointScale.From(Math.Abs(slope));
        int sign = Math.Sign(slope);
        return Of8(input.Type, output.Type, q =>
        {
            int x = q - from.ZeroPoint;
            int y = x >= 0 ? FixedPoint.Scale(x, above) : sign == 0 ? 0 : sign * FixedPoint.Scale(x * step, below);
            return (long)y + to.ZeroPoint;
        });
    }

    /// <summary>RSQRT of 8-bit inputs.</summary>
    public static LookupTable Rsqrt(Tensor input, Tensor output)
    {
        Quantization from = input.Quantization!, to = output.Quantization!;
        FixedPointScale scale = FixedPointScale.From(1 / (Math.Sqrt(from.Scale) * to.Scale));
        FixedPointScale shifted = scale with { Shift = scale.Shift + 20 };
        (_, int max) = output.Type.IntegerRange();
        return Of8(input.Type, output.Type, q =>
        {
            int x = q - from.ZeroPoint;
            return x <= 0 ? max : FixedPoint.Scale(FixedPoint.InverseSquareRoot(x), shifted) + to.ZeroPoint;
        });
    }

    /// <summary>e to the power of scaled differences of 0..255 below the maximum, for SOFTMAX (npu-operators 2.24.1).</summary>
    public static LookupTable SoftmaxExp(double betaScale) =>
        OfDistance(betaScale, (distance, scale) => FixedPoint.ExpOfNegative(FixedPoint.Scale(distance, scale), 5), 0);

    /// <summary>The same with 12 integer bits.</summary>
    public static LookupTable SoftmaxExp12(double scale) =>
        OfDistance(scale, (distance, factor) => FixedPoint.DivideByPowerOfTwo(FixedPoint.ExpOfNegative(FixedPoint.Scale(distance, factor), 5), 12), 0);

    /// <summary>
    /// The scaled differences themselves, in 5 integer bits, less 1: what LOG_SOFTMAX rounds is never positive, and with 1 less the
    /// hardware's halves up are halves away from zero. Below −16 a result is the type's least in any case; limited there, nothing overflows.
    /// </summary>
    public static LookupTable LogSoftmaxDistance(double scale)
    {
        const int least = -(1 << 30);
        return OfDistance(scale, (distance, factor) => Math.Max(FixedPoint.Scale(distance, factor), least) - 1, least - 1);
    }

    private static LookupTable OfDistance(double betaScale, Func<int, FixedPointScale, int> function, int beyond)
    {
        FixedPointScale scale = FixedPointScale.From(Math.Min(betaScale * (1 << 26), int.MaxValue));
        int left = 31 - scale.Shift;
        int lowest = -(int)Math.Floor(31 * (double)(1 << 26) / Math.Pow(2, left));
        return LookupTable.Of32([.. Enumerable.Range(-255, 256).Select(distance => distance >= lowest ? function(distance, scale) : beyond)]);
    }

    /// <summary>A 16-bit table of a real function, in single precision as the reference's tables (tflite-kernels 2.9).</summary>
    public static LookupTable Of16(Tensor input, Tensor output, Func<float, float> function) => Of16(input.Quantization!, output.Quantization!, function);

    /// <summary>A 16-bit table of a real function, in single precision as the reference's tables (tflite-kernels 2.9).</summary>
    public static LookupTable Of16(Quantization from, Quantization to, Func<float, float> function)
    {
        float min = from.Scale * (-32768 - from.ZeroPoint), max = from.Scale * (32767 - from.ZeroPoint);
        float low = to.Scale * (-32768 - to.ZeroPoint), high = to.Scale * (32767 - to.ZeroPoint);
        float step = (max - min) / 512, inverse = 65536 / (high - low);
        var values = new int[513];
        for (int i = 0; i < 512; i++)
        {
            float a = Round(function(min + (i * step)) * inverse);
            float middle = Round(((function(min + ((i + 1) * step)) * inverse) + a) / 2);
            float bias = Round((middle - Round(function(min + (i * step) + (step / 2)) * inverse)) / 2);
            values[i] = Clamp16(a - bias);
        }
        values[512] = Clamp16(Round(function(max) * inverse));
        return LookupTable.Of16(values, [.. Enumerable.Range(0, 512).Select(i => values[i + 1] - values[i])]);
    }

    private static LookupTable Sigmoidal(
        Tensor input, Tensor output, Func<int, int, int> fixedPoint, int low, int high, Func<double, double> real, float fixedScale, int fixedZero)
    {
        Quantization from = input.Quantization!, to = output.Quantization!;
        (int min, _) = output.Type.IntegerRange();
        if (to.Scale != fixedScale || to.ZeroPoint != fixedZero)
            return Of8(input.Type, output.Type, q => (long)Round(to.ZeroPoint + (real((double)from.Scale * (q - from.ZeroPoint)) / to.Scale)));
        FixedPointScale scale = FixedPointScale.From((double)from.Scale * (1 << 27));
        int left = 31 - scale.Shift;
        int radius = (int)Math.Floor(15 * (double)(1 << 27) / Math.Pow(2, left));
        return Of8(input.Type, output.Type, q =>
        {
            int x = q - from.ZeroPoint;
            return x <= -radius ? min + low : x >= radius ? min + high : fixedPoint(FixedPoint.Scale(x, scale), min);
        });
    }

    private static int Short(uint multiplier) => multiplier >= (1u << 31) - 1 - (1u << 15) ? 32767 : (int)((multiplier + (1 << 15)) >> 16);

    private static int Saturate16(long value) => (int)Math.Clamp(value, short.MinValue, short.MaxValue);

    private static int Clamp16(double value) => (int)Math.Clamp(value, short.MinValue, short.MaxValue);

    private static float Round(float value) => MathF.Round(value, MidpointRounding.AwayFromZero);

    private static double Round(double value) => Math.Round(value, MidpointRounding.AwayFromZero);
}

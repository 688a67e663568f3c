using EthosU.Arithmetic;
using EthosU.Graphs;
using EthosU.Npu.Operations;

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
        (int min, int max) = output.Type.IntegerRange();
        return LookupTable.Of8(RealTable.Narrow(Affine(input), input.Type.IntegerRange().Min, Affine(output), min, max, function));
    }

    /// <summary>LOGISTIC in fixed point, for the result's fixed quantization of 1/256 and the type's minimum.</summary>
    public static LookupTable Logistic(Tensor input, Tensor output) =>
        Sigmoidal(input, output, tanh: false);

    /// <summary>TANH in fixed point, for the result's fixed quantization of 1/128 and the middle of the type's range.</summary>
    public static LookupTable Tanh(Tensor input, Tensor output) =>
        Sigmoidal(input, output, tanh: true);

    /// <summary>HARD_SWISH in 16-bit fixed point.</summary>
    public static LookupTable HardSwish(Tensor input, Tensor output)
    {
        AffineQuantization from = Affine(input), to = Affine(output);
        HardSwish function = new(from.Scale, to.Scale);
        return Of8(input.Type, output.Type, q => function.Apply(q - from.ZeroPoint) + to.ZeroPoint);
    }

    /// <summary>Different factors for values below and above real zero (LEAKY_RELU and PRELU with one slope).</summary>
    /// <param name="input">Input.</param>
    /// <param name="output">Result.</param>
    /// <param name="identity">Factor of values of zero or more.</param>
    /// <param name="slope">Factor of negative values; may be negative itself.</param>
    /// <param name="step">Whole number with which negative values are multiplied before.</param>
    public static LookupTable TwoSlopes(Tensor input, Tensor output, double identity, double slope, int step = 1)
    {
        AffineQuantization from = Affine(input), to = Affine(output);
        TwoSlopes function = new(identity, slope);
        return Of8(input.Type, output.Type, q => (long)function.Apply(q - from.ZeroPoint, step) + to.ZeroPoint);
    }

    /// <summary>RSQRT of 8-bit inputs.</summary>
    public static LookupTable Rsqrt(Tensor input, Tensor output)
    {
        AffineQuantization from = Affine(input), to = Affine(output);
        InverseSquareRoot function = new(from.Scale, to.Scale);
        (_, int max) = output.Type.IntegerRange();
        return Of8(input.Type, output.Type, q => q > from.ZeroPoint ? function.Apply(q - from.ZeroPoint) + to.ZeroPoint : max);
    }

    /// <summary>e to the power of scaled differences of 0..255 below the maximum, for SOFTMAX (npu-operators 2.24.1).</summary>
    public static LookupTable SoftmaxExp(double betaScale) => OfDistance(new(betaScale), static (distance, to) => to.Exp(distance), 0);

    /// <summary>The same with 12 integer bits.</summary>
    public static LookupTable SoftmaxExp12(double scale) =>
        OfDistance(new(scale), static (distance, to) => SoftmaxDistances.Term(to.Exp(distance)), 0);

    /// <summary>
    /// The scaled differences themselves, in 5 integer bits, less 1: what LOG_SOFTMAX rounds is never positive, and with 1 less the
    /// hardware's halves up are halves away from zero. Below −16 a result is the type's least in any case; limited there, nothing
    /// overflows.
    /// </summary>
    public static LookupTable LogSoftmaxDistance(double scale)
    {
        const int least = -(1 << 30);
        return OfDistance(new(scale), static (distance, to) => Math.Max(to.Scaled(distance), least) - 1, least - 1);
    }

    /// <summary>A 16-bit table of a real function, in single precision as the reference's tables (tflite-kernels 2.9).</summary>
    public static LookupTable Of16(Tensor input, Tensor output, Func<float, float> function) =>
        LookupTable.Of16(RealTable.Wide(Affine(input), Affine(output), function));

    private static LookupTable OfDistance(SoftmaxDistances distances, Func<int, SoftmaxDistances, int> function, int beyond) =>
        LookupTable.Of32([.. Enumerable.Range(-255, 256)
            .Select(distance => distance >= distances.Least ? function(distance, distances) : beyond)]);

    private static LookupTable Sigmoidal(Tensor input, Tensor output, bool tanh)
    {
        NarrowSigmoid function = new(Affine(input).Scale, tanh);
        int min = output.Type.IntegerRange().Min, zero = Affine(input).ZeroPoint;
        return Of8(input.Type, output.Type, q => function.Apply(q - zero) + min);
    }

    private static AffineQuantization Affine(Tensor tensor) => new(tensor.Quantization!.Scale, tensor.Quantization.ZeroPoint);
}

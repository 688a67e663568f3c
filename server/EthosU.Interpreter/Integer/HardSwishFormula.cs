using EthosU.Graphs;

namespace EthosU.Interpreter.Integer;

/// <summary>HARD_SWISH of int8 in 16-bit fixed point (tflite-kernels 3.5).</summary>
internal static class HardSwishFormula
{
    public static Func<int, int> Make(Tensor x, Tensor y)
    {
        double fine = NodeFacts.Scale(x) / 128.0;
        Multiplier output = Multiplier.From(fine / NodeFacts.Scale(y)), relu = Multiplier.From(fine / (3.0 / 32768));
        if (output.Shift > 0)
            throw new KernelRefusedException("Its result's scale is too small for its input's.");
        short outputFactor = ToShort(output.Value), reluFactor = ToShort(relu.Value);
        int zeroX = NodeFacts.ZeroPoint(x), zeroY = NodeFacts.ZeroPoint(y), shift = relu.Shift;
        return q =>
        {
            short input = (short)((q - zeroX) * 128);
            short scaled = FixedPoint.MultiplyHigh16(input, outputFactor);
            int gate = input;
            if (shift > 0)
                gate = FixedPoint.Saturate16(FixedPoint.ShiftLeftSaturating(gate, Math.Min(shift - 1, 31)));
            gate = FixedPoint.MultiplyHigh16((short)gate, reluFactor);
            if (shift > 0)
                gate = FixedPoint.Saturate16(2 * gate);
            else if (shift < 0)
                gate = FixedPoint.DivideByPowerOfTwo(gate, -shift);
            gate = (gate + 32768) >> 1;
            int product = gate == short.MinValue && scaled == short.MinValue ? short.MaxValue : gate * scaled / 32768;
            return Math.Clamp(FixedPoint.DivideByPowerOfTwo(product, -output.Shift) + zeroY, sbyte.MinValue, sbyte.MaxValue);
        };
    }

    private static short ToShort(int multiplier) => multiplier >= int.MaxValue - (1 << 15) ? short.MaxValue : (short)((multiplier + (1 << 15)) >> 16);
}

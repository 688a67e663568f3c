namespace EthosU.Npu.Weights;

/// <summary>The factors of an addition or subtraction (npu-weights, section 4.5).</summary>
/// <param name="Output">Factor of the result.</param>
/// <param name="First">Factor of the first operand, or of the one that is rescaled.</param>
/// <param name="Second">Multiplier of the second operand; 0 unless both are rescaled.</param>
/// <param name="Scaling">Which operands are rescaled.</param>
internal readonly record struct AdditionScales(QuantizedScale Output, QuantizedScale First, uint Second, OperandScaling Scaling)
{
    /// <summary>Factors 1: the numbers themselves are added.</summary>
    public static AdditionScales One { get; } = Explicit(QuantizedScale.One);

    /// <summary>Operands as they are, the sum times a given factor.</summary>
    public static AdditionScales Explicit(QuantizedScale output) => new(output, QuantizedScale.One, 1, OperandScaling.Both);

    /// <summary>The factors that turn scales <paramref name="first"/> and <paramref name="second"/> into <paramref name="output"/>.</summary>
    /// <param name="first">Scale of the first operand, as the mathematics has it.</param>
    /// <param name="second">Scale of the second operand.</param>
    /// <param name="output">Scale of the result.</param>
    /// <param name="ifmBits">8, 16 or 32.</param>
    /// <param name="reversed">True if the first operand is the accelerator's second feature map.</param>
    public static AdditionScales Rescale(double first, double second, double output, int ifmBits, bool reversed)
    {
        double twiceLarger = 2 * Math.Max(first, second);
        if (first == second)
        {
            QuantizedScale simple = QuantizedScale.From(twiceLarger / (output * (1 << 16)));
            if (ifmBits == 16)
                return new(simple with { Shift = simple.Shift - 1 }, new(16384, 0), 16384, OperandScaling.Both);
            if ((simple.Multiplier & 0xFFF) == 0)
                return new(simple, new(32768, 0), 32768, OperandScaling.Both);
        }
        int headroom = 1 << (ifmBits == 8 ? 20 : 15);
        bool firstIsSmaller = first < second;
        return new(
            QuantizedScale.From(twiceLarger / (output * headroom)),
            QuantizedScale.From(Math.Min(first, second) * headroom / twiceLarger),
            0,
            firstIsSmaller != reversed ? OperandScaling.First : OperandScaling.Second);
    }
}

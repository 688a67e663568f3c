namespace EthosU.Arithmetic;

/// <summary>
/// SOFTMAX and LOG_SOFTMAX of 8 bits: functions of an element's distance from the largest one, 0 or below (tflite-kernels 3.6).
/// </summary>
public readonly struct SoftmaxDistances
{
    /// <summary>Integer bits of scaled distances.</summary>
    public const int Bits = 5;

    /// <summary>Integer bits of sums of exponentials.</summary>
    public const int SumBits = 12;

    /// <summary>From the input's scale times beta.</summary>
    /// <exception cref="FactorException">It is not finite.</exception>
    public SoftmaxDistances(double scale)
    {
        Multiplier = Multiplier.From(Math.Min(scale * (1 << (31 - Bits)), int.MaxValue));
        Least = -Exponential.InputRadius(Bits, Multiplier.Shift);
    }

    /// <summary>From stored to scaled distances.</summary>
    public Multiplier Multiplier { get; }

    /// <summary>The least distance that counts.</summary>
    public int Least { get; }

    /// <summary>From scaled to stored distances.</summary>
    public Multiplier Inverse =>
        Multiplier.From((double)(int)Math.Min(Math.ScaleB(1, 31 - Multiplier.Shift), int.MaxValue) / Multiplier.Value);

    /// <summary>The distance in 5 integer bits.</summary>
    public int Scaled(int distance) => Multiplier.Apply(distance);

    /// <summary>e to the power of a distance that counts; Q0.</summary>
    public int Exp(int distance) => Exponential.OfNegative(Scaled(distance), Bits);

    /// <summary>The same as a term of the sum, with 12 integer bits.</summary>
    public static int Term(int exp) => FixedPoint.DivideByPowerOfTwo(exp, SumBits);
}

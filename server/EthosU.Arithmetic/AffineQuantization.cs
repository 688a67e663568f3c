namespace EthosU.Arithmetic;

/// <summary>One scale and zero point for all elements: real = scale × (stored − zero point) (tflite-kernels 1.2).</summary>
/// <param name="Scale">The real number of one step.</param>
/// <param name="ZeroPoint">What stands for 0.</param>
public readonly record struct AffineQuantization(float Scale, int ZeroPoint)
{
    /// <summary>The real number of a stored value, in single precision.</summary>
    public float Real(int stored) => Scale * (stored - ZeroPoint);

    /// <summary>The stored value of a real number, limited to a type's range; of NaN the zero point.</summary>
    public long Store(float value, long low, long high)
    {
        float steps = Rounding.HalfAway(value / Scale);
        return float.IsNaN(steps) ? ZeroPoint : (long)Math.Clamp((double)steps + ZeroPoint, low, high);
    }

    /// <summary>The stored value of a bound, not limited to a type (tflite-kernels 2.6).</summary>
    public int Bound(float value) => ZeroPoint + (int)Math.Clamp(Rounding.HalfAway(value / Scale), -1e9f, 1e9f);
}

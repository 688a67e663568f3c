using System.Numerics.Tensors;

namespace EthosU.Quantize.Calibration;

/// <summary>How many values there are, and between which bounds.</summary>
internal readonly record struct Extent(int Count, float Low, float High)
{
    private const float Tolerance = 1e-3f;

    public static Extent Of(ReadOnlySpan<float> values) =>
        values.IsEmpty ? default : new(values.Length, TensorPrimitives.Min(values), TensorPrimitives.Max(values));

    /// <summary>True if both may be of the same values, computed in another order; values that are no numbers are like no others.</summary>
    public bool IsLike(Extent other)
    {
        if (Count != other.Count || Count == 0)
            return Count == other.Count;
        float tolerance = Tolerance * Math.Max(Math.Abs(Low), Math.Abs(High));
        return Math.Abs(Low - other.Low) <= tolerance && Math.Abs(High - other.High) <= tolerance;
    }
}

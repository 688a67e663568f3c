using System.Runtime.CompilerServices;

namespace EthosU.Arithmetic;

/// <summary>Rounding to the nearest integer, ties away from zero.</summary>
public static class Rounding
{
    /// <summary>The nearest integer of a single.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float HalfAway(float value) => MathF.Round(value, MidpointRounding.AwayFromZero);

    /// <summary>The nearest integer of a double.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double HalfAway(double value) => Math.Round(value, MidpointRounding.AwayFromZero);

    /// <summary>The nearest integer of sum / count, for a count above 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Mean(int sum, int count) => (sum + (sum > 0 ? count / 2 : -(count / 2))) / count;
}

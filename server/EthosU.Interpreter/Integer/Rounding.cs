namespace EthosU.Interpreter.Integer;

/// <summary>Rounding to the nearest integer, ties away from zero.</summary>
internal static class Rounding
{
    public static float HalfAway(float value) => MathF.Round(value, MidpointRounding.AwayFromZero);

    public static double HalfAway(double value) => Math.Round(value, MidpointRounding.AwayFromZero);
}

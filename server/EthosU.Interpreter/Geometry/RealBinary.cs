using EthosU.Arithmetic;
using EthosU.Graphs;

namespace EthosU.Interpreter.Geometry;

/// <summary>Operators on two real numbers, element by element.</summary>
internal static class RealBinary
{
    /// <summary>The value of an operator of two reals.</summary>
    public static float Apply(BinaryKind kind, float a, float b) => kind switch
    {
        BinaryKind.Add => a + b,
        BinaryKind.Sub => a - b,
        BinaryKind.Mul => a * b,
        BinaryKind.Div => a / b,
        BinaryKind.Maximum => Math.Max(a, b),
        BinaryKind.Minimum => Math.Min(a, b),
        BinaryKind.SquaredDifference => (a - b) * (a - b),
        BinaryKind.FloorDiv => MathF.Floor(a / b),
        BinaryKind.FloorMod => a - (b * MathF.Floor(a / b)),
        BinaryKind.Pow => Elementary.Pow(a, b),
        BinaryKind.Atan2 => MathF.Atan2(a, b),
        _ => throw new InvalidOperationException($"{kind} of reals has no kernel"),
    };
}

using EthosU.Graphs;
using EthosU.Quantize.Ranges;

namespace EthosU.Quantize.Conversion;

/// <summary>
/// A factor or a summand that is one number moves a scale or a zero point, and nothing has to be rounded: the operand's quantization
/// follows from the result's, so that the integers stay what they are (learnt affine steps behind activation functions).
/// </summary>
internal static class ScalarSteps
{
    private const double MostCoarser = 1.06; // a summand is a whole number of steps of a scale that may be so much coarser
    private const double MostOff = 0.2; // of a step: 0.2² is half of the noise of rounding once more, 1 / 12
    private const float MostWider = 1.25f;

    /// <summary>What an operand is multiplied with, or what is added to it; null for other operators.</summary>
    public static (Tensor Operand, double Factor, double Summand)? Find(Node node)
    {
        if (node.Operator is not Binary
            {
                Activation: FusedActivation.None, Kind: BinaryKind.Mul or BinaryKind.Add or BinaryKind.Sub,
            } binary)
            return null;
        (Tensor a, Tensor b) = (node.Input(0), node.Input(1));
        if (a.IsConstant && binary.Kind != BinaryKind.Sub)
            (a, b) = (b, a);
        if (a.IsConstant || b.Data is not { Type: ElementType.Float32, Count: 1 } data
            || a.Shape.ElementCount != node.Output.Shape.ElementCount || !float.IsNormal(data.AsSpan<float>()[0]))
            return null;
        float value = data.AsSpan<float>()[0];
        return binary.Kind switch
        {
            BinaryKind.Mul => (a, value, 0),
            BinaryKind.Add => (a, 1, value),
            _ => (a, 1, -value),
        };
    }

    /// <summary>The quantizations of operand and result with which the integers stay the same; null if there are none.</summary>
    /// <param name="factor">What the operand is multiplied with.</param>
    /// <param name="summand">What is added then.</param>
    /// <param name="range">The result's range.</param>
    /// <param name="given">The result's quantization where it must not change.</param>
    public static (Quantization Operand, Quantization Result)? Tie(double factor, double summand, ValueRange range, Quantization? given)
    {
        ValueRange wide = range.WithZero.Union(new((float)summand, (float)summand)); // what the operand's zero becomes
        if (given is null && (wide.Width > range.WithZero.Width * MostWider || wide.Width == 0))
            return null;
        Quantization result = given ?? Affine.ForRange(wide, ElementType.Int8);
        double steps = summand / result.Scale, whole = Math.Round(steps);
        if (given is null && summand != 0)
        {
            double fewer = Math.Truncate(steps); // a coarser scale makes it fewer
            if (fewer != 0 && steps / fewer <= MostCoarser)
            {
                result = Affine.ForRange(new(wide.Min * (float)(steps / fewer), wide.Max * (float)(steps / fewer)), ElementType.Int8);
                (steps, whole) = (fewer, fewer);
            }
        }
        if (Math.Abs(steps - whole) > MostOff)
            return null;
        double zero = result.ZeroPoint + whole, scale = result.Scale / Math.Abs(factor);
        if (factor < 0)
            zero = -1 - zero;
        return zero is < sbyte.MinValue or > sbyte.MaxValue || !float.IsNormal((float)scale) ? null
            : (Quantization.PerTensor((float)scale, (long)zero), result);
    }
}

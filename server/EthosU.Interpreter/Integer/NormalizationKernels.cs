using EthosU.Arithmetic;
using EthosU.Graphs;

namespace EthosU.Interpreter.Integer;

/// <summary>L2_NORMALIZATION of int8 over the last axis (tflite-kernels 3.8).</summary>
internal static class NormalizationKernels
{
    public static PreparedKernel? Prepare(NodeFacts facts)
    {
        Tensor x = facts.Input(0);
        if (x.Type != ElementType.Int8 || facts.Output.Type != ElementType.Int8)
            return null;
        int depth = x.Shape[-1], zero = NodeFacts.ZeroPoint(x);
        return new(frame =>
        {
            ReadOnlySpan<sbyte> from = frame.Input<sbyte>(0);
            Span<sbyte> to = frame.Output<sbyte>();
            for (int row = 0; row < to.Length; row += depth)
            {
                int sum = 0;
                for (int i = row; i < row + depth; i++)
                    sum += (from[i] - zero) * (from[i] - zero);
                Multiplier inverse = InverseSquareRoot.Of(sum);
                Multiplier multiplier = inverse with { Shift = inverse.Shift + 7 };
                for (int i = row; i < row + depth; i++)
                    to[i] = (sbyte)Math.Clamp(multiplier.Apply(from[i] - zero), sbyte.MinValue, sbyte.MaxValue);
            }
        });
    }
}

using System.Numerics;
using EthosU.Arithmetic;

namespace EthosU.Interpreter.Integer;

/// <summary>Weights, factor and bias of one operand of an LSTM gate; the result is int16 in steps of 2^−12.</summary>
internal sealed record GateProduct(sbyte[] Weights, Multiplier Multiplier, long[] Bias)
{
    public int Apply<T>(ReadOnlySpan<T> x, int zero, int unit) where T : unmanaged, IBinaryInteger<T>
    {
        long sum = Bias[unit];
        ReadOnlySpan<sbyte> weights = Weights.AsSpan(unit * x.Length, x.Length);
        for (int i = 0; i < x.Length; i++)
            sum += (long)weights[i] * (int.CreateTruncating(x[i]) - zero);
        return FixedPoint.Saturate16(typeof(T) == typeof(sbyte) ? Multiplier.Apply((int)sum) : Multiplier.ApplyWide(sum));
    }
}

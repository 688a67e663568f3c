using System.Numerics;
using System.Runtime.InteropServices;

namespace EthosU.Interpreter.Integer;

/// <summary>Sums of products of integers that are known to fit 32 bits, on vectors across the sums.</summary>
internal static class IntegerProducts
{
    /// <summary>Adds row vector × matrix: <c>sums[o] += Σ (x[c] − zero)·w[c, o]</c>.</summary>
    /// <param name="x">[C].</param>
    /// <param name="zero">Subtracted from each element of x.</param>
    /// <param name="w">[C, O].</param>
    /// <param name="sums">[O].</param>
    public static void Add(ReadOnlySpan<sbyte> x, int zero, ReadOnlySpan<int> w, Span<int> sums)
    {
        int outputs = sums.Length, lanes = Vector<int>.Count, o = 0;
        w = w[..(x.Length * outputs)];
        ref int weights = ref MemoryMarshal.GetReference(w);
        ref int to = ref MemoryMarshal.GetReference(sums);
        for (; o <= outputs - (2 * lanes); o += 2 * lanes)
        {
            nuint at = (nuint)o, step = (nuint)lanes;
            Vector<int> a = Vector.LoadUnsafe(ref to, at), b = Vector.LoadUnsafe(ref to, at + step);
            for (int i = 0; i < x.Length; i++)
            {
                nuint row = (nuint)((i * outputs) + o);
                Vector<int> factor = new(x[i] - zero);
                a += factor * Vector.LoadUnsafe(ref weights, row);
                b += factor * Vector.LoadUnsafe(ref weights, row + step);
            }
            a.StoreUnsafe(ref to, at);
            b.StoreUnsafe(ref to, at + step);
        }
        for (; o <= outputs - lanes; o += lanes)
        {
            Vector<int> a = Vector.LoadUnsafe(ref to, (nuint)o);
            for (int i = 0; i < x.Length; i++)
                a += new Vector<int>(x[i] - zero) * Vector.LoadUnsafe(ref weights, (nuint)((i * outputs) + o));
            a.StoreUnsafe(ref to, (nuint)o);
        }
        for (; o < outputs; o++)
            for (int i = 0; i < x.Length; i++)
                sums[o] += (x[i] - zero) * w[(i * outputs) + o];
    }
}

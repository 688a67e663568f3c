using System.Numerics;
using System.Runtime.InteropServices;

namespace EthosU.Interpreter.Float;

/// <summary>
/// Sums of products of reals. Every sum is taken in the order of its terms, without fused multiply-add: vectors run across sums, never along one, so that the
/// bits are the same on every machine.
/// </summary>
internal static class Products
{
    /// <summary>Adds row vector × matrix: <c>sums[o] += Σ x[c]·w[c, o]</c>.</summary>
    /// <param name="x">[C].</param>
    /// <param name="w">[C, O].</param>
    /// <param name="sums">[O].</param>
    public static void Add(ReadOnlySpan<float> x, ReadOnlySpan<float> w, Span<float> sums)
    {
        int outputs = sums.Length, lanes = Vector<float>.Count, o = 0;
        w = w[..(x.Length * outputs)];
        ref float weights = ref MemoryMarshal.GetReference(w);
        ref float to = ref MemoryMarshal.GetReference(sums);
        for (; o <= outputs - (4 * lanes); o += 4 * lanes)
        {
            nuint at = (nuint)o, step = (nuint)lanes;
            Vector<float> a = Vector.LoadUnsafe(ref to, at), b = Vector.LoadUnsafe(ref to, at + step), c = Vector.LoadUnsafe(ref to, at + (2 * step)), d = Vector.LoadUnsafe(ref to, at + (3 * step));
            for (int i = 0; i < x.Length; i++)
            {
                nuint row = (nuint)((i * outputs) + o);
                Vector<float> factor = new(x[i]);
                a += factor * Vector.LoadUnsafe(ref weights, row);
                b += factor * Vector.LoadUnsafe(ref weights, row + step);
                c += factor * Vector.LoadUnsafe(ref weights, row + (2 * step));
                d += factor * Vector.LoadUnsafe(ref weights, row + (3 * step));
            }
            a.StoreUnsafe(ref to, at);
            b.StoreUnsafe(ref to, at + step);
            c.StoreUnsafe(ref to, at + (2 * step));
            d.StoreUnsafe(ref to, at + (3 * step));
        }
        for (; o <= outputs - lanes; o += lanes)
        {
            Vector<float> a = Vector.LoadUnsafe(ref to, (nuint)o);
            for (int i = 0; i < x.Length; i++)
                a += new Vector<float>(x[i]) * Vector.LoadUnsafe(ref weights, (nuint)((i * outputs) + o));
            a.StoreUnsafe(ref to, (nuint)o);
        }
        for (; o < outputs; o++)
        {
            float a = sums[o];
            for (int i = 0; i < x.Length; i++)
                a += x[i] * w[(i * outputs) + o];
            sums[o] = a;
        }
    }

    /// <summary>Rows of a matrix as columns: [R, C] becomes [C, R].</summary>
    public static void Transpose(ReadOnlySpan<float> matrix, int rows, int columns, Span<float> result)
    {
        for (int row = 0; row < rows; row++)
            for (int column = 0; column < columns; column++)
                result[(column * rows) + row] = matrix[(row * columns) + column];
    }
}

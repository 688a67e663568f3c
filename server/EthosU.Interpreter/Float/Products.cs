using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EthosU.Interpreter.Float;

/// <summary>
/// Sums of products of reals. Every sum is taken in the order of its terms, without fused multiply-add: vectors run across sums, never
/// along one, so that the bits are the same on every machine.
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
            Vector<float> a = Vector.LoadUnsafe(ref to, at), b = Vector.LoadUnsafe(ref to, at + step),
                c = Vector.LoadUnsafe(ref to, at + (2 * step)), d = Vector.LoadUnsafe(ref to, at + (3 * step));
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

    /// <summary>Adds row vectors × matrix: <c>sums[r][o] += Σ x[r][c]·w[c, o]</c>.</summary>
    /// <param name="x">The rows, each of <paramref name="depth"/> elements.</param>
    /// <param name="step">Elements from one row's start to the next one's.</param>
    /// <param name="depth">C.</param>
    /// <param name="w">[C, O].</param>
    /// <param name="sums">The rows of sums, each of O elements.</param>
    /// <param name="stride">Elements from the start of one row of sums to the next one's.</param>
    /// <param name="outputs">O.</param>
    /// <param name="rows">R.</param>
    public static void Add(ReadOnlySpan<float> x, int step, int depth, ReadOnlySpan<float> w, Span<float> sums, int stride, int outputs,
        int rows)
    {
        const int Together = 4; // rows that share what is read of the matrix
        int row = 0, lanes = Vector<float>.Count;
        if (outputs >= 2 * lanes)
            for (; row <= rows - Together; row += Together)
                AddFour(x.Slice(row * step, (3 * step) + depth), step, depth, w[..(depth * outputs)],
                    sums.Slice(row * stride, (3 * stride) + outputs), stride, outputs);
        for (; row < rows; row++)
            Add(x.Slice(row * step, depth), w, sums.Slice(row * stride, outputs));
    }

    /// <summary>Four rows at once, two vectors of sums of each.</summary>
    private static void AddFour(ReadOnlySpan<float> x, int step, int depth, ReadOnlySpan<float> w, Span<float> sums, int stride,
        int outputs)
    {
        int lanes = Vector<float>.Count, o = 0;
        ref float weights = ref MemoryMarshal.GetReference(w);
        ref float from = ref MemoryMarshal.GetReference(x);
        ref float to = ref MemoryMarshal.GetReference(sums);
        for (; o <= outputs - (2 * lanes); o += 2 * lanes)
        {
            ref float a = ref Unsafe.Add(ref to, o), b = ref Unsafe.Add(ref a, stride), c = ref Unsafe.Add(ref b, stride),
                d = ref Unsafe.Add(ref c, stride);
            Vector<float> a0 = Vector.LoadUnsafe(ref a), a1 = Vector.LoadUnsafe(ref a, (nuint)lanes), b0 = Vector.LoadUnsafe(ref b),
                b1 = Vector.LoadUnsafe(ref b, (nuint)lanes);
            Vector<float> c0 = Vector.LoadUnsafe(ref c), c1 = Vector.LoadUnsafe(ref c, (nuint)lanes), d0 = Vector.LoadUnsafe(ref d),
                d1 = Vector.LoadUnsafe(ref d, (nuint)lanes);
            ref float row = ref Unsafe.Add(ref weights, o), cell = ref from;
            for (int i = 0; i < depth; i++)
            {
                Vector<float> w0 = Vector.LoadUnsafe(ref row), w1 = Vector.LoadUnsafe(ref row, (nuint)lanes);
                Vector<float> xa = new(cell), xb = new(Unsafe.Add(ref cell, step)), xc = new(Unsafe.Add(ref cell, 2 * step)),
                    xd = new(Unsafe.Add(ref cell, 3 * step));
                a0 += xa * w0;
                a1 += xa * w1;
                b0 += xb * w0;
                b1 += xb * w1;
                c0 += xc * w0;
                c1 += xc * w1;
                d0 += xd * w0;
                d1 += xd * w1;
                row = ref Unsafe.Add(ref row, outputs);
                cell = ref Unsafe.Add(ref cell, 1);
            }
            a0.StoreUnsafe(ref a);
            a1.StoreUnsafe(ref a, (nuint)lanes);
            b0.StoreUnsafe(ref b);
            b1.StoreUnsafe(ref b, (nuint)lanes);
            c0.StoreUnsafe(ref c);
            c1.StoreUnsafe(ref c, (nuint)lanes);
            d0.StoreUnsafe(ref d);
            d1.StoreUnsafe(ref d, (nuint)lanes);
        }
        for (int row = 0; row < 4 && o < outputs; row++)
            for (int rest = o; rest < outputs; rest++)
            {
                float a = sums[(row * stride) + rest];
                for (int i = 0; i < depth; i++)
                    a += x[(row * step) + i] * w[(i * outputs) + rest];
                sums[(row * stride) + rest] = a;
            }
    }

    /// <summary>Rows of a matrix as columns: [R, C] becomes [C, R].</summary>
    public static void Transpose(ReadOnlySpan<float> matrix, int rows, int columns, Span<float> result)
    {
        const int Block = 16; // a cache line of the result
        for (int top = 0; top < rows; top += Block)
            for (int column = 0; column < columns; column++)
                for (int row = top, end = Math.Min(rows, top + Block); row < end; row++)
                    result[(column * rows) + row] = matrix[(row * columns) + column];
    }
}

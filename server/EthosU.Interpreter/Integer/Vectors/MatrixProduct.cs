using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using EthosU.Arithmetic;

namespace EthosU.Interpreter.Integer;

/// <summary>Rows of activations times packed weights.</summary>
internal static class MatrixProduct
{
    /// <summary>Rows computed together.</summary>
    public const int RowBlock = 4;

    private const int Block = Requantizer.Block;

    /// <summary>Steps of 16-bit pairs whose sum fits in 32 bits for any values: 2^22 each, 510 of them.</summary>
    private const int WideSteps = 255;

    /// <summary>Computes rows of results.</summary>
    /// <param name="rows">Activations: per row as many 32-bit lanes as the weights have steps; a multiple of <see cref="RowBlock"/> rows is
    /// there.</param>
    /// <param name="count">Rows wanted.</param>
    /// <param name="weights">The weights.</param>
    /// <param name="requantizer">Scales the sums.</param>
    /// <param name="results">The first row's first result.</param>
    /// <param name="pitch">Distance from a row's results to the next row's.</param>
    public static void Run<T>(ReadOnlySpan<int> rows, int count, PackedWeights weights, Requantizer requantizer, Span<T> results, int pitch)
        where T : unmanaged, IBinaryInteger<T>
    {
        switch (weights.Kind)
        {
            case DotKind.AvxVnniBytes:
                Run<T, AvxVnniByteDot>(rows, count, weights, requantizer, results, pitch);
                break;
            case DotKind.AvxVnniPairs:
                Run<T, AvxVnniPairDot>(rows, count, weights, requantizer, results, pitch);
                break;
            case DotKind.Avx2Pairs:
                Run<T, Avx2PairDot>(rows, count, weights, requantizer, results, pitch);
                break;
            case DotKind.ArmBytes:
                Run<T, ArmByteDot>(rows, count, weights, requantizer, results, pitch);
                break;
            default:
                Run<T, PortablePairDot>(rows, count, weights, requantizer, results, pitch);
                break;
        }
    }

    private static void Run<T, TDot>(ReadOnlySpan<int> rows, int count, PackedWeights weights, Requantizer requantizer, Span<T> results,
        int pitch)
        where T : unmanaged, IBinaryInteger<T>
        where TDot : struct, IDot
    {
        int steps = weights.Steps;
        Span<int> sums = stackalloc int[RowBlock * Block];
        for (int block = 0; block < weights.Blocks; block++)
        {
            ReadOnlySpan<int> packed = weights.Data.AsSpan(block * steps * Block, steps * Block);
            int place = block * Block, channels = Math.Min(Block, weights.Channels - place);
            for (int row = 0; row < count; row += RowBlock)
            {
                int together = Math.Min(RowBlock, count - row);
                ReadOnlySpan<int> activations = rows.Slice(row * steps, (together == 1 ? 1 : RowBlock) * steps);
                if (requantizer.IsWide && steps > WideSteps)
                {
                    for (int i = 0; i < together; i++)
                        Wide<T, TDot>(activations.Slice(i * steps, steps), packed, sums, requantizer, place,
                            results.Slice(((row + i) * pitch) + place, channels));
                    continue;
                }
                if (together == 1)
                    One<TDot>(activations, packed, sums);
                else
                    Four<TDot>(activations, packed, steps, sums);
                for (int i = 0; i < together; i++)
                    requantizer.Store(sums.Slice(i * Block, Block), place, results.Slice(((row + i) * pitch) + place, channels));
            }
        }
    }

    /// <summary>Sums of four rows. Every read is inside: rows hold 4 × steps lanes, weights steps × 16.</summary>
    private static void Four<TDot>(ReadOnlySpan<int> rows, ReadOnlySpan<int> weights, int steps, Span<int> sums) where TDot : struct, IDot
    {
        ref int a = ref MemoryMarshal.GetReference(rows[..(4 * steps)]);
        ref int b = ref Unsafe.Add(ref a, steps);
        ref int c = ref Unsafe.Add(ref b, steps);
        ref int d = ref Unsafe.Add(ref c, steps);
        ref int w = ref MemoryMarshal.GetReference(weights[..(steps * Block)]);
        Vector256<int> a0 = default, a1 = default, b0 = default, b1 = default, c0 = default, c1 = default, d0 = default, d1 = default;
        for (int k = 0; k < steps; k++)
        {
            var w0 = Vector256.LoadUnsafe(ref w, (nuint)(k * Block));
            var w1 = Vector256.LoadUnsafe(ref w, (nuint)((k * Block) + 8));
            var x = Vector256.Create(Unsafe.Add(ref a, k));
            (a0, a1) = (TDot.Add(a0, x, w0), TDot.Add(a1, x, w1));
            x = Vector256.Create(Unsafe.Add(ref b, k));
            (b0, b1) = (TDot.Add(b0, x, w0), TDot.Add(b1, x, w1));
            x = Vector256.Create(Unsafe.Add(ref c, k));
            (c0, c1) = (TDot.Add(c0, x, w0), TDot.Add(c1, x, w1));
            x = Vector256.Create(Unsafe.Add(ref d, k));
            (d0, d1) = (TDot.Add(d0, x, w0), TDot.Add(d1, x, w1));
        }
        ref int to = ref MemoryMarshal.GetReference(sums[..(4 * Block)]);
        a0.StoreUnsafe(ref to);
        a1.StoreUnsafe(ref to, 8);
        b0.StoreUnsafe(ref to, 16);
        b1.StoreUnsafe(ref to, 24);
        c0.StoreUnsafe(ref to, 32);
        c1.StoreUnsafe(ref to, 40);
        d0.StoreUnsafe(ref to, 48);
        d1.StoreUnsafe(ref to, 56);
    }

    /// <summary>Sums of one row, in two chains so that they need not wait for each other.</summary>
    private static void One<TDot>(ReadOnlySpan<int> row, ReadOnlySpan<int> weights, Span<int> sums) where TDot : struct, IDot
    {
        int steps = row.Length, k = 0;
        ref int w = ref MemoryMarshal.GetReference(weights[..(steps * Block)]);
        Vector256<int> a0 = default, a1 = default, b0 = default, b1 = default;
        for (; k + 1 < steps; k += 2)
        {
            nuint at = (nuint)(k * Block);
            Vector256<int> x = Vector256.Create(row[k]), next = Vector256.Create(row[k + 1]);
            (a0, a1) = (TDot.Add(a0, x, Vector256.LoadUnsafe(ref w, at)), TDot.Add(a1, x, Vector256.LoadUnsafe(ref w, at + 8)));
            (b0, b1) = (TDot.Add(b0, next, Vector256.LoadUnsafe(ref w, at + 16)), TDot.Add(b1, next, Vector256.LoadUnsafe(ref w, at + 24)));
        }
        if (k < steps)
        {
            var x = Vector256.Create(row[k]);
            (a0, a1) = (TDot.Add(a0, x, Vector256.LoadUnsafe(ref w, (nuint)(k * Block))),
                TDot.Add(a1, x, Vector256.LoadUnsafe(ref w, (nuint)((k * Block) + 8))));
        }
        ref int to = ref MemoryMarshal.GetReference(sums[..Block]);
        (a0 + b0).StoreUnsafe(ref to);
        (a1 + b1).StoreUnsafe(ref to, 8);
    }

    private static void Wide<T, TDot>(ReadOnlySpan<int> row, ReadOnlySpan<int> weights, Span<int> sums, Requantizer requantizer, int place,
        Span<T> results)
        where T : unmanaged, IBinaryInteger<T>
        where TDot : struct, IDot
    {
        Span<long> totals = stackalloc long[Block];
        totals.Clear();
        for (int k = 0; k < row.Length; k += WideSteps)
        {
            int steps = Math.Min(WideSteps, row.Length - k);
            One<TDot>(row.Slice(k, steps), weights.Slice(k * Block, steps * Block), sums);
            for (int i = 0; i < Block; i++)
                totals[i] += sums[i];
        }
        requantizer.Store<T>(totals, place, results);
    }
}

using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using EthosU.Arithmetic;
using EthosU.Graphs;
using EthosU.Interpreter.Geometry;

namespace EthosU.Interpreter.Integer;

/// <summary>
/// A depthwise convolution in blocks of 16 channels. Blocks may overlap so that none reaches beyond a pixel; inputs of other
/// channel counts (multipliers, fewer than 16 channels) are spread over the output's channels first.
/// </summary>
internal sealed class DepthwisePlan
{
    /// <summary>Taps whose sum of int16 × int8 products fits in 32 bits for any values.</summary>
    public const int MaxWideTaps = 510;

    private const int Block = Requantizer.Block;

    private readonly WindowShape shape;
    private readonly int multiplier, zero, width, taps, elementSize;
    private readonly int[] starts;
    private readonly short[] weights;
    private readonly Requantizer requantizer;
    private readonly bool pairs;

    /// <param name="shape">Sizes.</param>
    /// <param name="multiplier">Output channels per input channel.</param>
    /// <param name="zero">The input's zero point.</param>
    /// <param name="source">Weights [1, Kh, Kw, Co].</param>
    /// <param name="scaling">Scaling of the sums.</param>
    /// <param name="type">Of the activations.</param>
    /// <param name="path">Whether AVX2 may be used.</param>
    public DepthwisePlan(WindowShape shape, int multiplier, int zero, sbyte[] source, ChannelScaling scaling, ElementType type,
        KernelPath path)
    {
        (this.shape, this.multiplier, this.zero) = (shape, multiplier, zero);
        elementSize = type.ByteSize();
        pairs = Avx2.IsSupported && path.TakesVectors();
        int channels = shape.OutChannels;
        width = Math.Max(channels, Block);
        taps = checked(shape.KernelHeight * shape.KernelWidth);
        starts = new int[(width + Block - 1) / Block];
        var places = new int[starts.Length * Block];
        for (int i = 0; i < starts.Length; i++)
        {
            starts[i] = Math.Min(i * Block, width - Block);
            for (int lane = 0; lane < Block; lane++)
                places[(i * Block) + lane] = starts[i] + lane < channels ? starts[i] + lane : -1;
        }
        var corrections = new int[channels];
        for (int tap = 0; tap < taps; tap++)
            for (int channel = 0; channel < channels; channel++)
                corrections[channel] -= zero * source[(tap * channels) + channel];
        requantizer = new(scaling, places, corrections, path.TakesVectors());
        int even = taps + (taps & 1);
        weights = new short[checked(starts.Length * even * Block)];
        for (int i = 0; i < places.Length; i++)
            for (int tap = 0; tap < taps && places[i] >= 0; tap++)
                weights[(i / Block * even * Block) + Place(tap, i % Block)] = source[(tap * channels) + places[i]];
    }

    private bool Spreads => multiplier > 1 || shape.OutChannels < Block;

    /// <summary>A pixel of real zeros, and the spread input.</summary>
    public int ScratchBytes => checked(width * elementSize * (1 + (Spreads ? shape.Batch * shape.Height * shape.Width : 0)));

    public void Run<T>(ReadOnlySpan<T> x, Span<byte> scratch, Span<T> y) where T : unmanaged, IBinaryInteger<T>
    {
        Span<T> memory = MemoryMarshal.Cast<byte, T>(scratch[..ScratchBytes]);
        Span<T> outside = memory[..width];
        outside.Fill(T.CreateTruncating(zero));
        if (Spreads)
        {
            Spread(x, memory[width..]);
            x = memory[width..];
        }
        int line = shape.Width * width;
        Span<int> sums = stackalloc int[Block];
        Span<int> offsets = taps <= 256 ? stackalloc int[taps + 1] : new int[taps + 1];
        int pixel = 0;
        for (int n = 0; n < shape.Batch; n++)
            for (int oy = 0; oy < shape.OutHeight; oy++)
                for (int ox = 0; ox < shape.OutWidth; ox++, pixel++)
                {
                    Locate(n, (oy * shape.StrideHeight) - shape.Top, (ox * shape.StrideWidth) - shape.Left, line, offsets);
                    for (int block = 0; block < starts.Length; block++)
                    {
                        if (pairs)
                            SumPairs<T>(x, outside, offsets, block, sums);
                        else
                            Sum<T>(x, outside, offsets, block, sums);
                        int channels = Math.Min(Block, shape.OutChannels - starts[block]);
                        requantizer.Store(sums, block * Block, y.Slice((pixel * shape.OutChannels) + starts[block], channels));
                    }
                }
    }

    /// <summary>Where each tap's pixel starts; −1 outside the input. One more for a pair's missing second.</summary>
    private void Locate(int n, int top, int left, int line, Span<int> offsets)
    {
        int tap = 0;
        for (int ky = 0; ky < shape.KernelHeight; ky++)
        {
            int iy = top + (ky * shape.DilationHeight);
            for (int kx = 0; kx < shape.KernelWidth; kx++)
            {
                int ix = left + (kx * shape.DilationWidth);
                offsets[tap++] = (uint)iy < (uint)shape.Height && (uint)ix < (uint)shape.Width
                    ? (((n * shape.Height) + iy) * line) + (ix * width) : -1;
            }
        }
        offsets[tap] = -1;
    }

    /// <summary>Two taps at a time: their 16-bit values are interleaved, multiplied, and added in pairs.</summary>
    private void SumPairs<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> outside, ReadOnlySpan<int> offsets, int block, Span<int> sums)
        where T : unmanaged
    {
        int start = starts[block], even = taps + (taps & 1);
        ref short w = ref MemoryMarshal.GetReference(weights.AsSpan(block * even * Block, even * Block));
        Vector256<int> low = default, high = default;
        for (int tap = 0; tap < taps; tap += 2)
        {
            Vector256<short> first = Load(x, outside, offsets[tap], start), second = Load(x, outside, offsets[tap + 1], start);
            nuint at = (nuint)(tap * Block);
            low += Avx2.MultiplyAddAdjacent(Avx2.UnpackLow(first, second), Vector256.LoadUnsafe(ref w, at));
            high += Avx2.MultiplyAddAdjacent(Avx2.UnpackHigh(first, second), Vector256.LoadUnsafe(ref w, at + Block));
        }
        ref int to = ref MemoryMarshal.GetReference(sums[..Block]);
        Avx2.Permute2x128(low, high, 0x20).StoreUnsafe(ref to);
        Avx2.Permute2x128(low, high, 0x31).StoreUnsafe(ref to, 8);
    }

    private void Sum<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> outside, ReadOnlySpan<int> offsets, int block, Span<int> sums)
        where T : unmanaged
    {
        int start = starts[block], even = taps + (taps & 1);
        ReadOnlySpan<short> blockWeights = weights.AsSpan(block * even * Block, even * Block);
        Vector256<int> low = default, high = default;
        for (int tap = 0; tap < taps; tap++)
        {
            (Vector256<int> xLow, Vector256<int> xHigh) = Vector256.Widen(Load(x, outside, offsets[tap], start));
            (Vector256<int> wLow, Vector256<int> wHigh) = Vector256.Widen(Vector256.Create(blockWeights.Slice(tap * Block, Block)));
            low += xLow * wLow;
            high += xHigh * wHigh;
        }
        low.CopyTo(sums);
        high.CopyTo(sums[(Block / 2)..]);
    }

    /// <summary>Sixteen channels of a pixel; the slice checks that they are inside.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> Load<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> outside, int offset, int start) where T : unmanaged
    {
        ref T first = ref MemoryMarshal.GetReference(offset < 0 ? outside.Slice(start, Block) : x.Slice(offset + start, Block));
        if (typeof(T) == typeof(short))
            return Vector256.LoadUnsafe(ref Unsafe.As<T, short>(ref first));
        var bytes = Vector128.LoadUnsafe(ref Unsafe.As<T, sbyte>(ref first));
        if (Avx2.IsSupported)
            return Avx2.ConvertToVector256Int16(bytes);
        (Vector128<short> low, Vector128<short> high) = Vector128.Widen(bytes);
        return Vector256.Create(low, high);
    }

    /// <summary>The place of a weight in its block: pairs of taps lie as the interleaved activations do, else tap by tap.</summary>
    private int Place(int tap, int lane)
    {
        if (!pairs)
            return (tap * Block) + lane;
        int half = lane / 4 % 2; // lanes 0–3 and 8–11 come from the low halves, 4–7 and 12–15 from the high ones
        int position = (lane % 4) + (lane / 8 * 4);
        return (tap / 2 * 2 * Block) + (half * Block) + (position * 2) + (tap % 2);
    }

    private void Spread<T>(ReadOnlySpan<T> x, Span<T> result) where T : unmanaged, IBinaryInteger<T>
    {
        result.Clear();
        int pixels = shape.Batch * shape.Height * shape.Width;
        for (int pixel = 0; pixel < pixels; pixel++)
        {
            ReadOnlySpan<T> from = x.Slice(pixel * shape.Channels, shape.Channels);
            Span<T> to = result.Slice(pixel * width, shape.OutChannels);
            for (int c = 0, i = 0; c < from.Length; c++)
                for (int j = 0; j < multiplier; j++)
                    to[i++] = from[c];
        }
    }
}

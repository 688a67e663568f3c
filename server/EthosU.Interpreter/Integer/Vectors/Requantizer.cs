using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace EthosU.Interpreter.Integer;

/// <summary>Turns sums into stored results, for blocks of channels: what <see cref="ChannelScaling"/> does, many at a time.</summary>
internal sealed class Requantizer
{
    /// <summary>Channels in a block.</summary>
    public const int Block = 16;

    private readonly ChannelScaling scaling;
    private readonly int[] channels, bias, values, left, right, masks, halves;
    private readonly bool vectors;

    /// <param name="scaling">Factors, biases and range.</param>
    /// <param name="channels">The channel of each place in the blocks; −1 for padding.</param>
    /// <param name="corrections">By channel, what sums lack for reasons of the activations' offset; may be empty.</param>
    /// <param name="path">Whether vector instructions may be used.</param>
    public Requantizer(ChannelScaling scaling, int[] channels, ReadOnlySpan<int> corrections, KernelPath path)
    {
        this.scaling = scaling;
        this.channels = channels;
        vectors = Avx2.IsSupported && path is KernelPath.Fastest or KernelPath.Avx2 && !scaling.IsWide;
        (bias, values, left) = (new int[channels.Length], new int[channels.Length], new int[channels.Length]);
        (right, masks, halves) = (new int[channels.Length], new int[channels.Length], new int[channels.Length]);
        for (int i = 0; i < channels.Length; i++)
        {
            if (channels[i] < 0)
                continue;
            Multiplier multiplier = scaling.Multipliers[channels[i]];
            bias[i] = unchecked((int)scaling.Bias[channels[i]] + (corrections.IsEmpty ? 0 : corrections[channels[i]]));
            values[i] = multiplier.Value;
            left[i] = Math.Max(multiplier.Shift, 0);
            right[i] = Math.Max(-multiplier.Shift, 0);
            masks[i] = (int)((1L << right[i]) - 1);
            halves[i] = masks[i] >> 1;
        }
    }

    public bool IsWide => scaling.IsWide;

    /// <summary>Scales a block of sums.</summary>
    /// <param name="sums">The block's sums, without bias.</param>
    /// <param name="place">The block's first place.</param>
    /// <param name="results">Results of the places that are no padding.</param>
    public void Store<T>(ReadOnlySpan<int> sums, int place, Span<T> results) where T : unmanaged, IBinaryInteger<T>
    {
        if (!vectors)
        {
            for (int i = 0; i < results.Length; i++)
                results[i] = T.CreateTruncating(scaling.IsWide
                    ? scaling.Apply(sums[i] + scaling.Bias[channels[place + i]], channels[place + i])
                    : scaling.Apply(unchecked(sums[i] + bias[place + i]), channels[place + i]));
            return;
        }
        Vector256<int> low = Scale(Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(sums[..Block])), place);
        Vector256<int> high = Scale(Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(sums), Block / 2), place + (Block / 2));
        Vector256<short> both = Vector256.Narrow(low, high);
        if (typeof(T) == typeof(sbyte))
            Write(Vector128.Narrow(both.GetLower(), both.GetUpper()).As<sbyte, T>(), results);
        else
            Write(both.As<short, T>(), results);
    }

    /// <summary>Scales a block of 64-bit sums.</summary>
    public void Store<T>(ReadOnlySpan<long> sums, int place, Span<T> results) where T : unmanaged, IBinaryInteger<T>
    {
        for (int i = 0; i < results.Length; i++)
            results[i] = T.CreateTruncating(scaling.Apply(sums[i] + scaling.Bias[channels[place + i]], channels[place + i]));
    }

    private static void Write<T>(Vector128<T> values, Span<T> results) where T : unmanaged
    {
        if (results.Length >= Vector128<T>.Count)
            values.StoreUnsafe(ref MemoryMarshal.GetReference(results));
        else
            for (int i = 0; i < results.Length; i++)
                results[i] = values[i];
    }

    private static void Write<T>(Vector256<T> values, Span<T> results) where T : unmanaged
    {
        if (results.Length >= Vector256<T>.Count)
            values.StoreUnsafe(ref MemoryMarshal.GetReference(results));
        else
            for (int i = 0; i < results.Length; i++)
                results[i] = values[i];
    }

    /// <summary><see cref="Multiplier.Apply"/>, zero point and clamp in eight lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256<int> Scale(Vector256<int> sums, int place)
    {
        Vector256<int> x = Avx2.ShiftLeftLogicalVariable(sums + Load(bias, place), Load(left, place).AsUInt32());
        Vector256<int> factor = Load(values, place);
        var half = Vector256.Create(1L << 30);
        Vector256<long> even = Avx2.Multiply(x, factor) + half;
        Vector256<long> odd = Avx2.Multiply((x.AsInt64() >>> 32).AsInt32(), (factor.AsInt64() >>> 32).AsInt32()) + half;
        Vector256<int> high = Avx2.Blend((even >>> 31).AsInt32(), (odd << 1).AsInt32(), 0b10101010);
        Vector256<int> rest = high & Load(masks, place), threshold = Load(halves, place) - (high >> 31);
        Vector256<int> rounded = Avx2.ShiftRightArithmeticVariable(high, Load(right, place).AsUInt32()) - Vector256.GreaterThan(rest, threshold);
        return Vector256.Min(Vector256.Max(rounded + Vector256.Create(scaling.Zero), Vector256.Create(scaling.Low)), Vector256.Create(scaling.High));
    }

    private static Vector256<int> Load(int[] array, int place) =>
        Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(array.AsSpan(place, Vector256<int>.Count)));
}

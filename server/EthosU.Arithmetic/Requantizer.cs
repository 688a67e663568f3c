using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace EthosU.Arithmetic;

/// <summary>Turns sums into stored results, for blocks of channels: what <see cref="ChannelScaling"/> does, many at a time.</summary>
public sealed class Requantizer
{
    /// <summary>Channels in a block.</summary>
    public const int Block = 16;

    private readonly ChannelScaling scaling;
    private readonly MultiplierVectors multipliers;
    private readonly int[] channels, bias;
    private readonly bool vectors;

    /// <summary>Prepares blocks of channels.</summary>
    /// <param name="scaling">Factors, biases and range.</param>
    /// <param name="channels">The channel of each place in the blocks; −1 for padding.</param>
    /// <param name="corrections">By channel, what sums lack for reasons of the activations' offset; may be empty.</param>
    /// <param name="vectors">Whether vector instructions may be used, where the processor has them.</param>
    public Requantizer(ChannelScaling scaling, int[] channels, ReadOnlySpan<int> corrections, bool vectors)
    {
        this.scaling = scaling;
        this.channels = channels;
        this.vectors = vectors && FixedPointVectors.AreSupported && !scaling.IsWide;
        bias = new int[channels.Length];
        var factors = new Multiplier[channels.Length];
        for (int i = 0; i < channels.Length; i++)
        {
            if (channels[i] < 0)
                continue;
            bias[i] = unchecked((int)scaling.Bias[channels[i]] + (corrections.IsEmpty ? 0 : corrections[channels[i]]));
            factors[i] = scaling.Multipliers[channels[i]];
        }
        multipliers = new(factors);
    }

    /// <summary>Sums are of 64 bits.</summary>
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
    /// <param name="sums">The block's sums, without bias.</param>
    /// <param name="place">The block's first place.</param>
    /// <param name="results">Results of the places that are no padding.</param>
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

    /// <summary>Bias, multiplier, zero point and limits in eight lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256<int> Scale(Vector256<int> sums, int place)
    {
        Vector256<int> scaled = multipliers.Apply(sums + MultiplierVectors.Load(bias, place), place) + Vector256.Create(scaling.Zero);
        return Vector256.Min(Vector256.Max(scaled, Vector256.Create(scaling.Low)), Vector256.Create(scaling.High));
    }
}

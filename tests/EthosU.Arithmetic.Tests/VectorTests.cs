using System.Runtime.Intrinsics;
using Xunit;

namespace EthosU.Arithmetic.Tests;

/// <summary>The vector forms equal the scalar definitions, at the edges and on random numbers.</summary>
public sealed class VectorTests
{
    private static readonly int[] Edges =
    [
        0, 1, -1, 2, -2, 3, -3, 127, -128, 255, 256, 32767, -32768, 65535, 1 << 16, 
        (1 << 30) - 1, 1 << 30, (1 << 30) + 1, -(1 << 30), -(1 << 30) - 1,
        int.MaxValue - 1, int.MaxValue, int.MinValue + 1, int.MinValue,
    ];

    private static readonly int[] Values =
        [0, 1 << 30, (1 << 30) + 1, 1342177280, 1717986918, int.MaxValue - 1, int.MaxValue, -(1 << 30), -int.MaxValue];

    [Fact]
    public void High_halves_of_products()
    {
        RequireVectors();
        Random random = new(1);
        int[] factors = [.. Values, .. Enumerable.Range(0, 200).Select(_ => random.Next(int.MinValue + 1, int.MaxValue))];
        foreach (Vector256<int> x in Numbers(random))
            foreach (int factor in factors)
            {
                Vector256<int> mixed = Vector256.Create(factor).WithElement(3, -factor).WithElement(6, 1 << 30);
                Assert.Equal(Each(lane => FixedPoint.MultiplyHigh(x[lane], mixed[lane])), FixedPointVectors.MultiplyHigh(x, mixed));
            }
    }

    [Fact]
    public void Divisions_by_powers_of_two()
    {
        RequireVectors();
        Random random = new(2);
        foreach (Vector256<int> x in Numbers(random))
            for (int first = 0; first < 32; first++)
            {
                int[] n = [.. Enumerable.Range(first, 8).Select(exponent => exponent & 31)];
                int[] masks = Array.ConvertAll(n, exponent => (int)((1L << exponent) - 1));
                int[] halves = Array.ConvertAll(masks, mask => mask >> 1);
                Assert.Equal(Each(lane => FixedPoint.DivideByPowerOfTwo(x[lane], n[lane])),
                    FixedPointVectors.DivideByPowerOfTwo(x, Vector256.Create(n), Vector256.Create(masks), Vector256.Create(halves)));
            }
    }

    [Fact]
    public void Multipliers()
    {
        RequireVectors();
        Random random = new(3);
        Multiplier[] multipliers =
        [
            .. from value in Values from shift in Enumerable.Range(-31, 63) select new Multiplier(value, shift),
            .. Enumerable.Range(0, 505).Select(_ => new Multiplier(random.Next(1 << 30, int.MaxValue), random.Next(-31, 32))),
        ];
        MultiplierVectors vectors = new(multipliers);
        foreach (Vector256<int> x in Numbers(random))
            for (int place = 0; place + 8 <= multipliers.Length; place += 8)
                Assert.Equal(Each(lane => multipliers[place + lane].Apply(x[lane])), vectors.Apply(x, place));
    }

    public static TheoryData<bool, bool, int> Requantizers =>
        new MatrixTheoryData<bool, bool, int>([false, true], [false, true], [1, 7, 8, 15, 16, 17, 31, 33, 64]);

    [Theory, MemberData(nameof(Requantizers))]
    public void Blocks_of_8_bit_results(bool vectors, bool wide, int channels) =>
        CompareBlocks<sbyte>(vectors, wide, channels, sbyte.MinValue, sbyte.MaxValue);

    [Theory, MemberData(nameof(Requantizers))]
    public void Blocks_of_16_bit_results(bool vectors, bool wide, int channels) =>
        CompareBlocks<short>(vectors, wide, channels, short.MinValue, short.MaxValue);

    private static void CompareBlocks<T>(bool vectors, bool wide, int channels, int lowest, int highest)
        where T : unmanaged, System.Numerics.IBinaryInteger<T>
    {
        Random random = new(channels);
        Multiplier[] multipliers = [.. Of(channels, () => new Multiplier(random.Next(1 << 30, int.MaxValue), random.Next(-31, 8)))];
        long[] bias = [.. Of(channels, () => wide ? random.NextInt64(-(1L << 39), 1L << 39) : random.Next(int.MinValue, int.MaxValue))];
        int[] corrections = wide ? [] : [.. Of(channels, () => random.Next(int.MinValue, int.MaxValue))];
        ChannelScaling scaling = new(
            multipliers, bias, wide, random.Next(lowest, highest), lowest + random.Next(3), highest - random.Next(3));
        int blocks = (channels + Requantizer.Block - 1) / Requantizer.Block;
        int[] places = [.. Enumerable.Range(0, blocks * Requantizer.Block).Select(place => place < channels ? place : -1)];
        Requantizer requantizer = new(scaling, places, corrections, vectors);
        for (int round = 0; round < 50; round++)
        {
            int[] sums = [.. Of(places.Length,
                () => random.Next(4) == 0 ? random.GetItems(Edges, 1)[0] : random.Next(int.MinValue, int.MaxValue))];
            var results = new T[channels];
            for (int place = 0; place < channels; place += Requantizer.Block)
                requantizer.Store(
                    sums.AsSpan(place, Requantizer.Block), place, results.AsSpan(place, Math.Min(Requantizer.Block, channels - place)));
            for (int channel = 0; channel < channels; channel++)
            {
                long sum = wide ? sums[channel] + bias[channel] : unchecked(sums[channel] + (int)bias[channel] + corrections[channel]);
                Assert.Equal(scaling.Apply(sum, channel), int.CreateTruncating(results[channel]));
            }
        }
    }

    private static IEnumerable<T> Of<T>(int count, Func<T> make) => Enumerable.Range(0, count).Select(_ => make());

    private static void RequireVectors() =>
        Assert.SkipUnless(FixedPointVectors.AreSupported, "this processor has no AVX2, or it is switched off");

    private static IEnumerable<Vector256<int>> Numbers(Random random)
    {
        for (int first = 0; first < Edges.Length; first++)
            yield return Each(lane => Edges[(first + (lane * 5)) % Edges.Length]);
        for (int i = 0; i < 300; i++)
            yield return Each(_ => random.Next(int.MinValue, int.MaxValue) >> random.Next(32));
    }

    private static Vector256<int> Each(Func<int, int> value) => Vector256.Create([.. Enumerable.Range(0, 8).Select(value)]);
}

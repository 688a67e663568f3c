using System.Text.Json;
using EthosU.Testing;
using Xunit;

namespace EthosU.Arithmetic.Tests;

public sealed class MultiplierTests
{
    /// <summary>The recorded multipliers count their shift to the right, from 2³¹.</summary>
    [Fact]
    public void Factors_have_the_recorded_multipliers()
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(SharedData.Require("vectors", "mlw", "scales.json")));
        int compared = 0;
        foreach (JsonElement item in document.RootElement.GetProperty("quantise").EnumerateArray())
        {
            (long value, int shift) = Pair(item.GetProperty("q31"));
            bool doubled = value == 1L << 31; // kernels take the same factor as 2³⁰
            if (doubled)
                (value, shift) = (value >> 1, shift - 1);
            if (value < 1 << 30 || shift is < 0 or > 62)
                continue; // beyond what kernels have
            compared++;
            Multiplier multiplier = Multiplier.From(item.GetProperty("scale").GetDouble());
            Assert.Equal((value, shift), ((long)multiplier.Value, 31 - multiplier.Shift));
            (long reduced, int reducedShift) = Pair(item.GetProperty("q15"));
            if (shift >= 16 && !doubled)
                Assert.Equal((reduced, reducedShift), ((long)Multiplier.Reduce(multiplier.Value), shift - 16));
        }
        Assert.InRange(compared, 20, int.MaxValue);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    [InlineData(2147483648.0)]
    [InlineData(-1e300)]
    public void Factors_without_a_multiplier_are_refused(double factor) => Assert.Throws<FactorException>(() => Multiplier.From(factor));

    [Theory]
    [InlineData(1.0)]
    [InlineData(0.99999999999)]
    [InlineData(0.0)]
    [InlineData(-0.5)]
    [InlineData(double.NaN)]
    public void Some_factors_must_be_between_0_and_1(double factor) =>
        Assert.Throws<FactorException>(() => Multiplier.SmallerThanOne(factor));

    [Fact]
    public void A_negative_factor_has_the_negative_multiplier()
    {
        Random random = new(4);
        for (int i = 0; i < 10_000; i++)
        {
            double factor = Math.ScaleB(random.NextDouble() + 0.5, random.Next(-35, 30));
            Multiplier positive = Multiplier.From(factor);
            Assert.Equal(positive with { Value = -positive.Value }, Multiplier.From(-factor));
        }
    }

    [Fact]
    public void Products_are_those_of_the_real_factor_within_one_step()
    {
        Random random = new(5);
        for (int i = 0; i < 100_000; i++)
        {
            double factor = Math.ScaleB(random.NextDouble() + 0.5, random.Next(-20, 8));
            int x = random.Next(-(1 << 20), 1 << 20);
            Multiplier multiplier = Multiplier.From(factor);
            Assert.InRange(multiplier.Apply(x) - (x * factor), -1, 1);
            Assert.InRange(multiplier.ApplyWide(x) - (x * factor), -1 - Math.Abs(x * factor / 32768), 1 + Math.Abs(x * factor / 32768));
        }
    }

    [Fact]
    public void Wide_sums_take_15_bits_of_the_multiplier()
    {
        long[] values = [0, 1 << 30, (1L << 30) + 32768, 0x7FFEFFFF, 0x7FFF0000, 1L << 31];
        Assert.Equal([0, 16384, 16385, 32767, 32767, 32767], values.Select(Multiplier.Reduce));
        Assert.Equal(1 << 24, new Multiplier(1 << 30, -15).ApplyWide(1L << 40));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(49)]
    [InlineData(1000)]
    [InlineData(1 << 20)]
    public void Means_divide_by_the_count(int count)
    {
        Random random = new(count);
        Multiplier mean = Multiplier.From(0.75).OverCount(count);
        for (int i = 0; i < 2000; i++)
        {
            int sum = (int)Math.Clamp(random.NextInt64(-128L * count, 128L * count), -int.MaxValue, int.MaxValue);
            Assert.InRange(mean.Apply(sum) - (0.75 * sum / count), -0.76, 0.76);
            Assert.Equal((int)Math.Round((decimal)sum / count, MidpointRounding.AwayFromZero), Rounding.Mean(sum, count));
        }
    }

    private static (long Multiplier, int Shift) Pair(JsonElement item) =>
        (item.GetProperty("multiplier").GetInt64(), item.GetProperty("shift").GetInt32());
}

using EthosU.Quantize.Ranges;
using Xunit;

namespace EthosU.Quantize.Tests;

public sealed class RangeTests
{
    [Fact]
    public void ARangeIsWrittenAsItsEnds() => Assert.Equal("[-1.5, 2]", new ValueRange(-1.5f, 2).ToString());

    [Fact]
    public void TheOrderOfValuesMakesNoDifference()
    {
        float[] values = [.. Normal(3000, 1), 1e-6f, 900, -0.001f];
        ValueHistogram forth = new(), back = new();
        foreach (float[] part in values.Chunk(100))
            forth.Add(part);
        foreach (float[] part in values.Reverse().Chunk(77))
            back.Add(part);

        Assert.Equal(forth.Positive.ToArray(), back.Positive.ToArray());
        Assert.Equal(forth.Negative.ToArray(), back.Negative.ToArray());
        Assert.Equal(new ValueRange(values.Min(), 900), back.Range);
    }

    /// <summary>A few values are kept as they are; in bins they are what many values would be.</summary>
    [Fact]
    public void FewValuesTakeNoBins()
    {
        float[] values = [.. Normal(1000, 1), 0, 7];
        ValueHistogram few = new(), many = new();
        few.Add(values);
        for (int i = 0; i < 3; i++)
            many.Add(values);

        Assert.Throws<InvalidOperationException>(() => few.Positive.Length);
        Assert.Equal(many.Positive.ToArray(), few.InBins().Positive.ToArray().Select(count => 3 * count));
        Assert.Equal(many.Negative.ToArray(), few.InBins().Negative.ToArray().Select(count => 3 * count));
        Assert.Equal((many.Range, many.Count), (few.Range, 3 * few.Count));
        Assert.Equal(RangeSearch.Find(many, RangeMethod.MinMax, 99.99, 256), RangeSearch.Find(few, RangeMethod.MinMax, 99.99, 256));
    }

    [Fact]
    public void MinMaxHoldsAllAndTheOthersCutOutliers()
    {
        ValueHistogram histogram = new();
        histogram.Add([.. Normal(200_000, 1), 40]);

        Assert.Equal(40, RangeSearch.Find(histogram, RangeMethod.MinMax, 99.99, 256).Max);
        Assert.InRange(RangeSearch.Find(histogram, RangeMethod.Percentile, 99.99, 256).Max, 3, 5);
        Assert.InRange(RangeSearch.Find(histogram, RangeMethod.Mse, 99.99, 256).Max, 3, 39);
        Assert.InRange(RangeSearch.Find(histogram, RangeMethod.Entropy, 99.99, 256).Max, 3, 39.9f);
    }

    /// <summary>The error that the search minimises, computed the long way.</summary>
    [Fact]
    public void MseIsBetterThanMinMaxWhenValuesAreRounded()
    {
        float[] values = [.. Normal(50_000, 1), 30, -25];
        ValueHistogram histogram = new();
        histogram.Add(values);

        Assert.True(Error(RangeMethod.Mse) < Error(RangeMethod.MinMax));

        double Error(RangeMethod method)
        {
            ValueRange range = RangeSearch.Find(histogram, method, 99.99, 256);
            Graphs.Quantization q = Conversion.Affine.ForRange(range, Graphs.ElementType.Int8);
            return values.Sum(
                v => Math.Pow(v - (q.Scale * (Math.Clamp(Math.Round(v / q.Scale) + q.ZeroPoint, -128, 127) - q.ZeroPoint)), 2));
        }
    }

    [Fact]
    public void InfinitiesAndLowestNumbersStayOut()
    {
        ValueHistogram histogram = new();
        histogram.Add([1, float.NegativeInfinity, -2, float.MinValue, float.NaN]);

        Assert.Equal(new ValueRange(-2, 1), histogram.Range);
        Assert.Equal(2, histogram.NotFinite);
    }

    private static float[] Normal(int count, int seed)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, count)
            .Select(_ => (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())))];
    }
}

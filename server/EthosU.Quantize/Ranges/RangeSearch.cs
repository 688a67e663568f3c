namespace EthosU.Quantize.Ranges;

/// <summary>Chooses a range from a histogram.</summary>
internal static class RangeSearch
{
    private const int Candidates = 256;

    /// <summary>The range by a method, for integers of so many levels.</summary>
    /// <param name="histogram">The values.</param>
    /// <param name="method">How to choose.</param>
    /// <param name="percentile">For <see cref="RangeMethod.Percentile"/>.</param>
    /// <param name="levels">Number of integers.</param>
    /// <param name="useful">The part whose values are told apart by what reads them; null for all.</param>
    public static ValueRange Find(ValueHistogram histogram, RangeMethod method, double percentile, int levels, ValueRange? useful = null)
    {
        histogram = histogram.InBins();
        ValueRange bounds = useful ?? UsefulRange.Everything;
        return histogram.BinWidth == 0 ? histogram.Range.Clamp(bounds) : method switch
        {
            RangeMethod.MinMax => histogram.Range.Clamp(bounds),
            RangeMethod.Percentile => Percentile(histogram, percentile).Clamp(bounds),
            RangeMethod.Entropy => Entropy(histogram, levels).Clamp(bounds),
            RangeMethod.Mse => Mse(histogram, levels, bounds),
            _ => throw new ArgumentOutOfRangeException(nameof(method), method, "no such method"),
        };
    }

    private static ValueRange Percentile(ValueHistogram histogram, double percentile)
    {
        double outside = histogram.Count * (1 - (percentile / 100));
        ValueRange range = histogram.Range;
        return new(-End(histogram.Negative, -range.Min), End(histogram.Positive, range.Max));

        float End(ReadOnlySpan<long> counts, float largest)
        {
            if (largest <= 0)
                return largest; // all values lie on the other side of zero
            double beyond = 0;
            for (int i = counts.Length - 1; i >= 0; i--)
            {
                beyond += counts[i];
                if (beyond > outside)
                    return Math.Min(largest, (float)((i + 1) * histogram.BinWidth));
            }
            return 0;
        }
    }

    /// <summary>Least sum of squared errors: step² / 12 for values inside, the squared distance to the end for those outside.</summary>
    private static ValueRange Mse(ValueHistogram histogram, int levels, ValueRange useful)
    {
        Tail low = new(histogram.Negative, histogram.BinWidth, -histogram.Min, -useful.Min),
            high = new(histogram.Positive, histogram.BinWidth, histogram.Max, useful.Max);
        double best = double.PositiveInfinity;
        ValueRange result = histogram.Range.Clamp(useful);
        for (int i = 0; i < low.Ends.Length; i++)
        {
            for (int j = 0; j < high.Ends.Length; j++)
            {
                double step = (low.Ends[i] + high.Ends[j]) / (levels - 1);
                double error = low.Errors[i] + high.Errors[j] + ((low.Inside[i] + high.Inside[j]) * step * step / 12);
                if (error < best)
                {
                    best = error;
                    result = new(-(float)low.Ends[i], (float)high.Ends[j]);
                }
            }
        }
        return result;
    }

    /// <summary>Least divergence of the distribution as quantized from the one as clipped; both ends are moved by one factor.</summary>
    private static ValueRange Entropy(ValueHistogram histogram, int levels)
    {
        ValueRange full = histogram.Range.WithZero;
        double best = double.PositiveInfinity;
        ValueRange result = full;
        for (int i = Candidates; i >= Candidates / 4; i--)
        {
            double factor = (double)i / Candidates;
            double divergence = Divergence(histogram, full.Min * factor, full.Max * factor, levels);
            if (divergence < best)
            {
                best = divergence;
                result = new((float)(full.Min * factor), (float)(full.Max * factor));
            }
        }
        return result;
    }

    private static double Divergence(ValueHistogram histogram, double min, double max, int levels)
    {
        int below = (int)Math.Ceiling(-min / histogram.BinWidth), above = (int)Math.Ceiling(max / histogram.BinWidth);
        below = Math.Clamp(below, 0, ValueHistogram.BinCount);
        above = Math.Clamp(above, 0, ValueHistogram.BinCount);
        int bins = below + above;
        if (bins <= levels)
            return double.PositiveInfinity;
        var inside = new double[bins];
        double clipped = 0, total = 0;
        for (int i = 0; i < ValueHistogram.BinCount; i++)
        {
            if (i < below)
                inside[below - 1 - i] = histogram.Negative[i];
            else
                clipped += histogram.Negative[i];
        }
        var reference = (double[])inside.Clone();
        reference[0] += clipped;
        clipped = 0;
        for (int i = 0; i < ValueHistogram.BinCount; i++)
        {
            if (i < above)
                reference[below + i] += inside[below + i] = histogram.Positive[i];
            else
                clipped += histogram.Positive[i];
        }
        reference[^1] += clipped;
        foreach (double count in reference)
            total += count;
        return KullbackLeibler(reference, Merge(inside, levels), total);
    }

    /// <summary>Each level's count spread evenly over those of its bins that are not empty.</summary>
    private static double[] Merge(double[] counts, int levels)
    {
        var result = new double[counts.Length];
        for (int level = 0; level < levels; level++)
        {
            int from = (int)((long)counts.Length * level / levels), to = (int)((long)counts.Length * (level + 1) / levels);
            double sum = 0;
            int used = 0;
            for (int i = from; i < to; i++)
            {
                sum += counts[i];
                used += counts[i] > 0 ? 1 : 0;
            }
            for (int i = from; i < to; i++)
                result[i] = counts[i] > 0 ? sum / used : 0;
        }
        return result;
    }

    private static double KullbackLeibler(double[] p, double[] q, double total)
    {
        double sum = 0, totalQ = q.Sum();
        if (totalQ == 0)
            return double.PositiveInfinity;
        for (int i = 0; i < p.Length; i++)
            if (p[i] > 0)
                sum += p[i] / total * Math.Log(p[i] / total / Math.Max(q[i] / totalQ, 1e-12));
        return sum;
    }

    /// <summary>
    /// One side of zero: candidate ends, with the values inside and the squared error of those outside for each. Values beyond the bound
    /// are as good as at it.
    /// </summary>
    private readonly struct Tail
    {
        public Tail(ReadOnlySpan<long> counts, double width, float largest, float bound)
        {
            double beyond = 0; // they have no error as long as the end is the bound
            if (bound < largest)
            {
                int cut = bound <= 0 ? 0 : (int)Math.Min(counts.Length, Math.Ceiling(bound / width));
                foreach (long n in counts[cut..])
                    beyond += n;
                counts = counts[..cut];
                largest = bound;
            }
            if (largest <= 0)
            {
                Ends = [0];
                Errors = [0];
                Inside = [0];
                return;
            }
            int last = Math.Min(counts.Length, (int)(largest / width) + 1), stride = Math.Max(1, last / Candidates);
            int count = (last + stride - 1) / stride;
            (Ends, Errors, Inside) = (new double[count], new double[count], new double[count]);
            double inside = 0;
            foreach (long n in counts)
                inside += n;
            double n0 = beyond, n1 = beyond * largest, n2 = n1 * largest; // moments of what lies outside
            int next = last;
            for (int candidate = 0; candidate < count; candidate++)
            {
                int end = last - (candidate * stride);
                for (int i = next - 1; i >= end; i--)
                {
                    double x = (i + 0.5) * width;
                    n0 += counts[i];
                    n1 += counts[i] * x;
                    n2 += counts[i] * x * x;
                }
                next = end;
                double limit = candidate == 0 ? largest : end * width;
                Ends[candidate] = limit;
                Errors[candidate] = n2 - (2 * limit * n1) + (limit * limit * n0);
                Inside[candidate] = inside + beyond - n0;
            }
        }

        public double[] Ends { get; }

        public double[] Errors { get; }

        public double[] Inside { get; }
    }
}

using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace EthosU.Quantize.Ranges;

/// <summary>
/// Counts of values by magnitude and sign, in bins of a power-of-two width that doubles when larger values come. The order in
/// which values come does not matter, nor how often the width doubled.
/// </summary>
internal sealed class ValueHistogram
{
    /// <summary>Bins on each side of zero; at least half of them are used on the larger side.</summary>
    public const int BinCount = 4096;

    private const int Few = 1024, MostReciprocals = 1 << 16;
    private static readonly long[] None = new long[BinCount];
    private long[] positive = None, negative = None; // most tensors have values on one side of zero only
    // So many are kept as they are: bins take more memory, and a network can have 20,000 tensors of two values.
    private List<float>? few = [];

    /// <summary>Values that are exactly 0.</summary>
    public long Zeros { get; private set; }

    /// <summary>Number of values counted.</summary>
    public long Count { get; private set; }

    /// <summary>Values from here on stand for infinity: the lowest single, as a padding or a mask.</summary>
    public const float Huge = 1e30f;

    /// <summary>Values that were no finite numbers; they are not counted.</summary>
    public long NotFinite { get; private set; }

    /// <summary>Smallest value.</summary>
    public float Min { get; private set; } = float.PositiveInfinity;

    /// <summary>Largest value.</summary>
    public float Max { get; private set; } = float.NegativeInfinity;

    /// <summary>Width of a bin; 0 as long as only zeros came.</summary>
    public double BinWidth { get; private set; }

    /// <summary>From the smallest to the largest value; [0, 0] without values.</summary>
    public ValueRange Range => Count == 0 ? default : new(Min, Max);

    /// <summary>Counts of bins [i·width, (i+1)·width) of positive values.</summary>
    public ReadOnlySpan<long> Positive => Counted(positive);

    /// <summary>Counts of bins (−(i+1)·width, −i·width] of negative values.</summary>
    public ReadOnlySpan<long> Negative => Counted(negative);

    /// <summary>The same values in bins; itself where they are. Asked for bins, zeros and width, a histogram must be such a one.</summary>
    public ValueHistogram InBins()
    {
        if (few is null)
            return this;
        ValueHistogram result = new() { few = null, NotFinite = NotFinite };
        result.Add(CollectionsMarshal.AsSpan(few));
        return result;
    }

    /// <summary>The reciprocals of the values but 0, about: of the middle of each bin, and as many as keep the proportions.</summary>
    public ValueHistogram OfReciprocals()
    {
        ValueHistogram result = new();
        if (few is not null)
        {
            result.Add([.. few.Where(static value => value != 0).Select(static value => 1 / value)]);
            return result;
        }
        double each = Math.Max(1, Count / (double)MostReciprocals);
        for (int i = 0; i < BinCount; i++)
        {
            float middle = (float)((i + 0.5) * BinWidth);
            AddMany(1 / Math.Clamp(middle, Math.Max(Min, float.Epsilon), Math.Max(Max, float.Epsilon)), positive[i]);
            AddMany(-1 / Math.Clamp(middle, Math.Max(-Max, float.Epsilon), Math.Max(-Min, float.Epsilon)), negative[i]);
        }
        return result;

        void AddMany(float value, long count)
        {
            if (count > 0)
                result.Add([.. Enumerable.Repeat(value, (int)Math.Ceiling(count / each))]);
        }
    }

    /// <summary>The share of values whose size is below a bound, about; zeros are such.</summary>
    public double ShareBelow(float bound)
    {
        if (few is not null)
            return few.Count == 0 ? 0 : few.Count(value => Math.Abs(value) < bound) / (double)few.Count;
        long below = Zeros;
        for (int i = 0; i < BinCount && (i + 0.5) * BinWidth < bound; i++)
            below += positive[i] + negative[i];
        return Count == 0 ? 0 : below / (double)Count;
    }

    /// <summary>Counts values.</summary>
    public void Add(ReadOnlySpan<float> values)
    {
        if (values.IsEmpty)
            return;
        float low = TensorPrimitives.Min(values), high = TensorPrimitives.Max(values);
        if (!(low > -Huge && high < Huge)) // or one of them is no number
        {
            float[] all = values.ToArray();
            NotFinite += all.Count(value => !float.IsFinite(value));
            Add([.. all.Where(value => Math.Abs(value) < Huge)]);
            return;
        }
        if (few is not null && few.Count + values.Length > Few)
        {
            List<float> kept = few;
            few = null;
            Count = 0;
            Add(CollectionsMarshal.AsSpan(kept));
        }
        Min = Math.Min(Min, low);
        Max = Math.Max(Max, high);
        Count += values.Length;
        if (few is not null)
        {
            few.AddRange(values);
            return;
        }
        Widen(Math.Max(Math.Abs((double)low), Math.Abs((double)high)));
        if (BinWidth == 0)
        {
            Zeros += values.Length;
            return;
        }
        double perUnit = 1 / BinWidth;
        if (high > 0 && positive == None)
            positive = new long[BinCount];
        if (low < 0 && negative == None)
            negative = new long[BinCount];
        foreach (float value in values)
        {
            if (value > 0)
                positive[(int)(value * perUnit)]++;
            else if (value < 0)
                negative[(int)(-value * perUnit)]++;
            else
                Zeros++;
        }
    }

    private void Widen(double largest)
    {
        if (largest == 0)
            return;
        if (BinWidth == 0)
            BinWidth = Math.ScaleB(1, Math.ILogB(largest) + 1) / BinCount;
        while (largest >= BinCount * BinWidth)
        {
            positive = Halve(positive);
            negative = Halve(negative);
            BinWidth *= 2;
        }
    }

    private long[] Counted(long[] counts) => few is null ? counts : throw new InvalidOperationException("the values are not in bins yet");

    private static long[] Halve(long[] counts)
    {
        if (counts == None)
            return None;
        var result = new long[BinCount];
        for (int i = 0; i < BinCount; i++)
            result[i / 2] += counts[i];
        return result;
    }
}

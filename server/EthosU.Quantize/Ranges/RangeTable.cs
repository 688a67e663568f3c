using System.Collections.Immutable;
using EthosU.Graphs;

namespace EthosU.Quantize.Ranges;

/// <summary>
/// The values that tensors take on the calibration data. Asked by tensor; kept by the name of the source model's value
/// (<see cref="Tensor.Origin"/>), or by the tensor's own name where it holds no value of the source model.
/// </summary>
public sealed class RangeTable
{
    private readonly ImmutableDictionary<string, ValueHistogram> byOrigin, byName;

    internal RangeTable(ImmutableDictionary<string, ValueHistogram> byOrigin, ImmutableDictionary<string, ValueHistogram> byName)
    {
        this.byOrigin = byOrigin;
        this.byName = byName;
    }

    /// <summary>How ranges are chosen from values.</summary>
    public RangeMethod Method { get; init; }

    /// <summary>For <see cref="RangeMethod.Percentile"/>, in percent.</summary>
    public double Percentile { get; init; } = 99.99;

    /// <summary>Number of samples seen.</summary>
    public int SampleCount { get; init; }

    /// <summary>What a user should know about the calibration.</summary>
    public ImmutableArray<Finding> Findings { get; init; } = [];

    /// <summary>
    /// Quantization that the model brings along (quantization-aware training), by the values' names; used instead of ranges.
    /// </summary>
    public ImmutableDictionary<string, Graphs.Quantization> Trained { get; init; } = ImmutableDictionary<string, Graphs.Quantization>.Empty;

    /// <summary>Ranges set by hand or by a search, by the tensors' names or origins; used instead of measured ones.</summary>
    public ImmutableDictionary<string, ValueRange> Overrides { get; init; } = ImmutableDictionary<string, ValueRange>.Empty;

    /// <summary>Methods for single tensors, by name or origin, where they differ from <see cref="Method"/>.</summary>
    public ImmutableDictionary<string, RangeMethod> Methods { get; init; } = ImmutableDictionary<string, RangeMethod>.Empty;

    /// <summary>The range of tensors of which nothing else is known; null for none.</summary>
    internal ValueRange? Assumed { get; init; }

    /// <summary>Some samples, as the inputs of the graph that was calibrated.</summary>
    internal ImmutableArray<TensorData[]> Samples { get; init; } = [];

    /// <summary>At most so many of them, in equal steps.</summary>
    internal ImmutableArray<TensorData[]> SomeSamples(int count)
    {
        int every = Math.Max(1, Samples.Length / count);
        return [.. Samples.Where((_, i) => i % every == 0).Take(count)];
    }

    /// <summary>True if the samples are random numbers, of which nothing but ranges can be learnt.</summary>
    internal bool IsRandom { get; init; }

    /// <summary>True if the methods for single tensors have been chosen already by what they do to the outputs.</summary>
    internal bool IsChosen { get; init; }

    /// <summary>A table of given ranges, by name, for graphs whose ranges are known.</summary>
    public static RangeTable Of(IEnumerable<KeyValuePair<string, ValueRange>> ranges) =>
        new(ImmutableDictionary<string, ValueHistogram>.Empty,
        ImmutableDictionary<string, ValueHistogram>.Empty) { Overrides = ranges.ToImmutableDictionary() };

    /// <summary>A table of given ranges, with samples for what is measured later.</summary>
    internal static RangeTable Of(IEnumerable<KeyValuePair<string, ValueRange>> ranges, ImmutableArray<TensorData[]> samples) =>
        new(ImmutableDictionary<string, ValueHistogram>.Empty,
        ImmutableDictionary<string, ValueHistogram>.Empty) { Overrides = ranges.ToImmutableDictionary(), Samples = samples };

    /// <summary>
    /// A table that gives every tensor the same range, for questions that the ranges do not decide, such as which operators an NPU runs.
    /// </summary>
    public static RangeTable Assume(ValueRange range) =>
        new(ImmutableDictionary<string, ValueHistogram>.Empty, ImmutableDictionary<string, ValueHistogram>.Empty) { Assumed = range };

    /// <summary>The same values with another method.</summary>
    public RangeTable WithMethod(RangeMethod method) => With(method: method);

    /// <summary>The same values with another method for one tensor.</summary>
    public RangeTable WithMethod(string tensor, RangeMethod method) => With(methods: Methods.SetItem(tensor, method));

    /// <summary>The same values; tensors with a quantization that the model brings along have that one.</summary>
    /// <param name="quantizations">What the imported model brings along, by the names of its values.</param>
    public RangeTable WithTrained(ImmutableDictionary<string, Graphs.Quantization> quantizations) => With(trained: quantizations);

    /// <summary>The range of a tensor as integers of so many bits are to hold it.</summary>
    /// <param name="tensor">A tensor of the graph that was calibrated.</param>
    /// <param name="bits">8 or 16. The method counts for 8 bits; 16 bits hold all values.</param>
    /// <returns>Null if nothing is known of the tensor.</returns>
    public ValueRange? Find(Tensor tensor, int bits = 8) => Find(tensor, bits, UsefulRange.Everything);

    /// <summary>The same, where what reads the tensor tells apart values of a part of all numbers only.</summary>
    internal ValueRange? Find(Tensor tensor, int bits, ValueRange useful)
    {
        if (Lookup(Overrides, tensor) is { } given)
            return given.Clamp(useful);
        if (Histogram(tensor) is not { } histogram)
            return Assumed?.Clamp(useful);
        RangeMethod method = bits > 8 ? RangeMethod.MinMax : Lookup(Methods, tensor) ?? Method;
        return RangeSearch.Find(histogram, method, Percentile, 256, useful);
    }

    /// <summary>The range of values that a tensor's are made of one by one, for 8 bits.</summary>
    internal ValueRange FindMade(Tensor tensor, ValueHistogram values) =>
        RangeSearch.Find(values, Lookup(Methods, tensor) ?? Method, Percentile, 256);

    /// <summary>True if a method decides on the tensor's range, and none is wished for: values are known, and no range is given.</summary>
    internal bool CanChoose(Tensor tensor) => Histogram(tensor) is not null && FindTrained(tensor) is null
        && Lookup(Overrides, tensor) is null && Lookup(Methods, tensor) is null;

    /// <summary>True if ranges are those of values, not assumed.</summary>
    internal bool IsMeasured => Assumed is null;

    /// <summary>The quantization to int8 that the model brings along for a tensor; null if it has none.</summary>
    internal Graphs.Quantization? FindTrained(Tensor tensor) =>
        tensor.Origin is { } origin && Trained.TryGetValue(origin, out Graphs.Quantization? quantization) && quantization.FitsInt8
        ? quantization : null;

    /// <summary>The smallest value that a tensor takes; null if nothing is known of it.</summary>
    internal float? Smallest(Tensor tensor) => Histogram(tensor)?.Min ?? Lookup(Overrides, tensor)?.Min ?? Assumed?.Min;

    internal ValueHistogram? Histogram(Tensor tensor) => byName.GetValueOrDefault(tensor.Name)
        ?? (tensor.Origin is { } origin ? byOrigin.GetValueOrDefault(origin) : null);

    internal RangeTable With(RangeMethod? method = null, ImmutableDictionary<string, RangeMethod>? methods = null,
        ImmutableDictionary<string, ValueRange>? overrides = null, ImmutableDictionary<string, Graphs.Quantization>? trained = null,
        bool isChosen = false) => new(byOrigin, byName)
        {
            Method = method ?? Method,
            Methods = methods ?? Methods,
            Percentile = Percentile,
            SampleCount = SampleCount,
            Findings = Findings,
            Trained = trained ?? Trained,
            Overrides = overrides ?? Overrides,
            Assumed = Assumed,
            Samples = Samples,
            IsRandom = IsRandom,
            IsChosen = isChosen || (IsChosen && method is null),
        };

    /// <summary>The same values; methods for single tensors are chosen no more.</summary>
    internal RangeTable AsChosen() => With(isChosen: true);

    private static T? Lookup<T>(ImmutableDictionary<string, T> table, Tensor tensor) where T : struct =>
        table.TryGetValue(tensor.Name, out T value) || (tensor.Origin is { } origin && table.TryGetValue(origin, out value)) ? value : null;
}

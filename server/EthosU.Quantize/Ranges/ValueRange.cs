using System.Globalization;

namespace EthosU.Quantize.Ranges;

/// <summary>An interval of real numbers.</summary>
/// <param name="Min">Its lower end.</param>
/// <param name="Max">Its upper end.</param>
public readonly record struct ValueRange(float Min, float Max)
{
    /// <summary>Length of the interval.</summary>
    public float Width => Max - Min;

    /// <summary>The smallest interval that holds both.</summary>
    public ValueRange Union(ValueRange other) => new(Math.Min(Min, other.Min), Math.Max(Max, other.Max));

    /// <summary>This interval cut to another; an end that lies outside becomes the other's end.</summary>
    public ValueRange Clamp(ValueRange bounds) => new(Math.Clamp(Min, bounds.Min, bounds.Max), Math.Clamp(Max, bounds.Min, bounds.Max));

    /// <summary>The interval stretched to hold 0.</summary>
    public ValueRange WithZero => new(Math.Min(Min, 0), Math.Max(Max, 0));

    /// <summary>True if the other interval lies inside this one, which may be exceeded by <paramref name="slack"/>.</summary>
    public bool Covers(ValueRange other, float slack = 0) => other.Min >= Min - slack && other.Max <= Max + slack;

    /// <summary>Both ends; the text that a record makes would hold that of <see cref="WithZero"/>, without end.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"[{Min}, {Max}]");
}

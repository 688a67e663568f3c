using System.Collections.Immutable;
using System.Globalization;

namespace EthosU.Quantize.Data;

/// <summary>How stored values become the model's: value = (stored × scale − mean) / std, per channel where there are several.</summary>
public sealed record Preprocessing
{
    /// <summary>Factor of stored values; one, or one for each channel.</summary>
    public ImmutableArray<float> Scale { get; init; } = [1];

    /// <summary>Subtracted after scaling; one, or one for each channel.</summary>
    public ImmutableArray<float> Mean { get; init; } = [0];

    /// <summary>Divisor; one, or one for each channel.</summary>
    public ImmutableArray<float> Std { get; init; } = [1];

    /// <summary>Reads the three from texts such as <c>1/255</c> or <c>0.485,0.456,0.406</c>; null leaves one at its default.</summary>
    /// <exception cref="FormatException">A text is not a list of numbers and fractions, or a divisor is 0.</exception>
    public static Preprocessing Parse(string? scale, string? mean, string? std)
    {
        Preprocessing defaults = new();
        Preprocessing result = new()
        {
            Scale = scale is null ? defaults.Scale : ParseList("scale", scale),
            Mean = mean is null ? defaults.Mean : ParseList("mean", mean),
            Std = std is null ? defaults.Std : ParseList("std", std),
        };
        return result.Std.Contains(0)
            ? throw new FormatException($"std '{std}' holds a zero; the data are divided by it")
            : result;
    }

    /// <summary>Applies the formula in place.</summary>
    /// <param name="values">Elements of an image or other data.</param>
    /// <param name="channels">Number of channels.</param>
    /// <param name="channelStride">Distance between elements of neighbouring channels.</param>
    /// <exception cref="FormatException">A list is neither of one element nor of as many as there are channels.</exception>
    public void Apply(Span<float> values, int channels, int channelStride)
    {
        Check("scale", Scale, channels);
        Check("mean", Mean, channels);
        Check("std", Std, channels);
        if (Scale.All(s => s == 1) && Mean.All(m => m == 0) && Std.All(s => s == 1))
            return;
        for (int i = 0; i < values.Length; i++)
        {
            int channel = i / channelStride % channels;
            values[i] = ((values[i] * At(Scale, channel)) - At(Mean, channel)) / At(Std, channel);
        }
    }

    private static float At(ImmutableArray<float> list, int channel) => list.Length == 1 ? list[0] : list[channel];

    private static void Check(string name, ImmutableArray<float> list, int channels)
    {
        if (list.Length != 1 && list.Length != channels)
            throw new FormatException(
                $"{list.Length} numbers are given for {name}, but the data have {channels} channels; give one, or {channels}");
    }

    private static ImmutableArray<float> ParseList(string name, string text)
    {
        string[] parts = text.Split(',', StringSplitOptions.TrimEntries);
        return [.. parts.Select(part => ParseNumber(name, part))];
    }

    private static float ParseNumber(string name, string text)
    {
        string[] terms = text.Split('/');
        double[] numbers = new double[terms.Length];
        bool valid = terms.Length <= 2;
        for (int i = 0; i < terms.Length && valid; i++)
            valid = double.TryParse(terms[i], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]);
        float value = !valid ? float.NaN : (float)(numbers.Length == 1 ? numbers[0] : numbers[0] / numbers[1]);
        return float.IsFinite(value)
            ? value
            : throw new FormatException($"{name} '{text}' is neither a number nor a fraction such as 1/255");
    }
}

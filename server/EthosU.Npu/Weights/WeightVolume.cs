namespace EthosU.Npu.Weights;

/// <summary>Weights less their zero points, <c>[O, H, W, I]</c> row-major, each from -255 to 255 (npu-weights 1.1).</summary>
internal sealed class WeightVolume
{
    /// <summary>Takes over values that are known to lie in range.</summary>
    /// <exception cref="ArgumentException">The number of values is not that of the sizes.</exception>
    public WeightVolume(short[] values, int outputs, int height, int width, int inputs)
    {
        if (values.LongLength != (long)outputs * height * width * inputs)
            throw new ArgumentException($"{values.LongLength} values do not fill [{outputs}, {height}, {width}, {inputs}]", nameof(values));
        Values = values;
        Outputs = outputs;
        Height = height;
        Width = width;
        Inputs = inputs;
    }

    public short[] Values { get; }

    public int Outputs { get; }

    public int Height { get; }

    public int Width { get; }

    public int Inputs { get; }

    /// <summary>Weights of a convolution or, with height and width 1, of a linear layer: raw values <c>[O, H, W, I]</c>.</summary>
    /// <param name="raw">One byte per value.</param>
    /// <param name="signed">True for int8, false for uint8.</param>
    /// <param name="zeroPoints">One for all, or one per output channel.</param>
    /// <param name="outputs">O.</param>
    /// <param name="height">H.</param>
    /// <param name="width">W.</param>
    /// <param name="inputs">I.</param>
    /// <exception cref="ArgumentException">A value less its zero point is beyond -255..255, or the counts do not agree.</exception>
    public static WeightVolume FromConvolution(
        ReadOnlySpan<byte> raw, bool signed, ReadOnlySpan<long> zeroPoints, int outputs, int height, int width, int inputs)
    {
        var values = new short[raw.Length];
        int perChannel = outputs == 0 ? 0 : raw.Length / outputs;
        for (int o = 0; o < outputs; o++)
        {
            int zeroPoint = checked((int)zeroPoints[zeroPoints.Length == 1 ? 0 : o]);
            for (int i = o * perChannel; i < (o + 1) * perChannel; i++)
                values[i] = Value(raw[i], signed, zeroPoint);
        }
        return new(values, outputs, height, width, inputs);
    }

    /// <summary>
    /// Weights of a depthwise convolution of multiplier 1: raw values <c>[1, H, W, C]</c>; zero points as above, along C.
    /// </summary>
    /// <exception cref="ArgumentException">A value less its zero point is beyond -255..255, or the counts do not agree.</exception>
    public static WeightVolume FromDepthwise(
        ReadOnlySpan<byte> raw, bool signed, ReadOnlySpan<long> zeroPoints, int height, int width, int channels)
    {
        var values = new short[raw.Length];
        int taps = height * width;
        for (int c = 0; c < channels; c++)
        {
            int zeroPoint = checked((int)zeroPoints[zeroPoints.Length == 1 ? 0 : c]);
            for (int tap = 0; tap < taps; tap++)
                values[c * taps + tap] = Value(raw[tap * channels + c], signed, zeroPoint);
        }
        return new(values, channels, height, width, 1);
    }

    /// <summary>The kernel turned by 180 degrees, as a transposed convolution needs it.</summary>
    public WeightVolume Rotated()
    {
        var values = new short[Values.Length];
        int taps = Height * Width;
        for (int o = 0; o < Outputs; o++)
            for (int tap = 0; tap < taps; tap++)
                Values.AsSpan((o * taps + taps - 1 - tap) * Inputs, Inputs).CopyTo(values.AsSpan((o * taps + tap) * Inputs));
        return new(values, Outputs, Height, Width, Inputs);
    }

    private static short Value(byte raw, bool signed, int zeroPoint)
    {
        int value = (signed ? (sbyte)raw : raw) - zeroPoint;
        return Math.Abs(value) <= 255 ? (short)value : throw new ArgumentException($"weight {value} is beyond -255..255", nameof(raw));
    }
}

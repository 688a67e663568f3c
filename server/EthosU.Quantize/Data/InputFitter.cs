using System.Globalization;
using EthosU.Graphs;

namespace EthosU.Quantize.Data;

/// <summary>Turns stored samples of one shape and type into values of a model's input.</summary>
internal sealed class InputFitter
{
    private readonly Tensor input;
    private readonly Shape stored;
    private readonly ElementType storedType;
    private readonly Preprocessing preprocessing;
    private readonly bool channelsLast;

    /// <summary>Decides how samples are to be read.</summary>
    /// <param name="file">Where they come from, for messages.</param>
    /// <param name="stored">Shape of one stored sample.</param>
    /// <param name="storedType">Element type of stored samples.</param>
    /// <param name="input">The model's input.</param>
    /// <param name="preprocessing">How stored values become the model's.</param>
    /// <param name="layout">Order of the stored axes, if the user said so.</param>
    /// <exception cref="ModelFormatException">The samples do not suit the input, or suit it in two ways.</exception>
    public InputFitter(string file, Shape stored, ElementType storedType, Tensor input, Preprocessing preprocessing, SampleLayout? layout)
    {
        (this.input, this.stored, this.storedType, this.preprocessing) = (input, stored, storedType, preprocessing);
        if (input.Shape.ElementCount == 0)
            throw new ModelFormatException(file, "",
                $"input '{input.Name}' of shape {input.Shape} has no elements; there is nothing to measure with");
        bool isImage = input.Shape.Rank >= 3;
        bool first = Same(stored, input.Shape), last = isImage && Same(stored, ChannelsLast(input.Shape));
        // [1, 28, 28] and [28, 28, 1] hold the elements in one order.
        bool oneOrder = input.Shape.Rank >= 2 && (input.Shape[1] == 1 || input.Shape.Skip(2).All(size => size == 1));
        if (first && last && !oneOrder && layout is null)
            throw new ModelFormatException(file, "",
                $"samples of shape {stored} suit input '{input.Name}' {input.Shape} as channels-first and as channels-last; say which "
                    + $"(nchw or nhwc)");
        if (layout is SampleLayout.ChannelsFirst ? !first : layout is SampleLayout.ChannelsLast && isImage ? !last : !first && !last)
            throw new ModelFormatException(file, "",
                $"samples of shape {stored} do not suit input '{input.Name}' of shape {input.Shape}{Expected(isImage)}");
        if (storedType is not (ElementType.Bool or ElementType.Float16 or ElementType.Float32 or ElementType.Float64)
            && !IsInteger(storedType))
            throw new ModelFormatException(file, "", $"samples of type {storedType.DisplayName()} cannot be read as numbers");
        if (input.Type != ElementType.Float32 && !IsInteger(storedType) && storedType != ElementType.Bool)
            throw new ModelFormatException(file, "",
                $"input '{input.Name}' takes {input.Type.DisplayName()}, the samples are {storedType.DisplayName()}");
        channelsLast = last && (!first || layout == SampleLayout.ChannelsLast);
    }

    /// <summary>Converts one stored sample.</summary>
    /// <exception cref="ModelFormatException">It holds NaN or infinities, or the lists of the preprocessing do not suit the
    /// channels.</exception>
    public TensorData Convert(ReadOnlyMemory<byte> bytes, string file, int index)
    {
        TensorData data = new(storedType, stored, bytes);
        if (input.Type != ElementType.Float32)
            return ToIntegers(data, file, index);
        float[] values = data.ToFloatArray();
        int channels = input.Shape.Rank >= 2 ? input.Shape[1] : 1, pixels = values.Length / input.Shape[0] / Math.Max(channels, 1);
        if (channelsLast)
            values = ChannelsFirst(values, input.Shape[0], channels);
        try
        {
            preprocessing.Apply(values, channels, pixels);
        }
        catch (FormatException e)
        {
            throw new ModelFormatException(file, "", e.Message, e);
        }
        int bad = Array.FindIndex(values, value => !float.IsFinite(value));
        return bad < 0
            ? TensorData.Wrap(ElementType.Float32, input.Shape, values)
            : throw new ModelFormatException(file, $"sample {index}",
            $"element {bad} is {(float.IsNaN(values[bad]) ? "not a number (NaN)" : "infinite")}; the data must be finite numbers");
    }

    private TensorData ToIntegers(TensorData data, string file, int index)
    {
        return input.Type switch
        {
            ElementType.Int64 => TensorData.From<long>(input.Shape, Integers(long.MinValue, long.MaxValue)),
            ElementType.Int32 =>
                TensorData.From<int>(input.Shape, Array.ConvertAll(Integers(int.MinValue, int.MaxValue), static v => (int)v)),
            ElementType.UInt8 =>
                TensorData.From<byte>(input.Shape, Array.ConvertAll(Integers(byte.MinValue, byte.MaxValue), static v => (byte)v)),
            ElementType.Int8 =>
                TensorData.From<sbyte>(input.Shape, Array.ConvertAll(Integers(sbyte.MinValue, sbyte.MaxValue), static v => (sbyte)v)),
            ElementType.Bool =>
                TensorData.From<bool>(input.Shape, Array.ConvertAll(Integers(long.MinValue, long.MaxValue), static v => v != 0)),
            _ => throw new UnsupportedModelException(
                [new("calibration-input-type", FindingSeverity.Error,
                    $"Input '{input.Name}' takes {input.Type.DisplayName()}, which no data can be read for.",
                "Let the model take float32, int8, uint8, int32, int64 or bool inputs.", Source.None)]),
        };

        long[] Integers(long least, long most)
        {
            if (storedType == ElementType.UInt64)
            {
                ReadOnlySpan<ulong> unsigned = data.AsSpan<ulong>();
                for (int i = 0; i < unsigned.Length; i++)
                    if (unsigned[i] > long.MaxValue)
                        throw Unfit(i, unsigned[i].ToString(CultureInfo.InvariantCulture));
            }
            long[] values = data.ToInt64Array();
            int bad = Array.FindIndex(values, value => value < least || value > most);
            return bad < 0 ? values : throw Unfit(bad, values[bad].ToString(CultureInfo.InvariantCulture));
        }

        ModelFormatException Unfit(int element, string value) => new(file, $"sample {index}",
            $"element {element} is {value}, which {input.Type.DisplayName()}, the type of input '{input.Name}', cannot hold");
    }

    private string Expected(bool isImage)
    {
        Shape one = input.Shape.Rank > 1 && input.Shape[0] == 1 ? input.Shape.Without(0) : input.Shape;
        return isImage ? $"; expected is {one} or, channels last, {new Shape([.. one.Skip(1), one[0]])}" : $"; expected is {one}";
    }

    private static bool IsInteger(ElementType type) =>
        type is ElementType.Int8 or ElementType.UInt8 or ElementType.Int16 or ElementType.UInt16
        or ElementType.Int32 or ElementType.UInt32 or ElementType.Int64 or ElementType.UInt64;

    private static bool Same(Shape a, Shape b) => Squeeze(a).AsSpan().SequenceEqual(Squeeze(b));

    private static int[] Squeeze(Shape shape) => [.. shape.Where(size => size != 1)];

    /// <summary>The shape [N, …, C] of [N, C, …].</summary>
    private static Shape ChannelsLast(Shape shape) => new([shape[0], .. shape.Skip(2), shape[1]]);

    private static float[] ChannelsFirst(float[] values, int batch, int channels)
    {
        var result = new float[values.Length];
        int pixels = values.Length / batch / channels;
        for (int n = 0; n < batch; n++)
            for (int p = 0; p < pixels; p++)
                for (int c = 0; c < channels; c++)
                    result[(((n * channels) + c) * pixels) + p] = values[(((n * pixels) + p) * channels) + c];
        return result;
    }
}

using EthosU.Graphs;

namespace EthosU.Import.Formulas;

/// <summary>Normalizations; those over data are taken apart (tflite-kernels 3.13).</summary>
public static class Normalization
{
    /// <summary>Each channel less its mean and over its deviation, by numbers that are known: a factor and an offset.</summary>
    /// <param name="g">The graph.</param>
    /// <param name="x">The operand [N, C, …], or [C].</param>
    /// <param name="statistics">The numbers of the channels.</param>
    public static Tensor Batch(GraphEmitter g, Tensor x, ChannelStatistics statistics)
    {
        (float[] gamma, float[] beta, float[] mean, float[] variance) =
            (statistics.Scale, statistics.Bias, statistics.Mean, statistics.Variance);
        int depth = x.Shape.Rank > 1 ? x.Shape[1] : 1;
        int[] lengths = [gamma.Length, beta.Length, mean.Length, variance.Length];
        if (lengths.Any(length => length != depth))
            throw new UnsupportedOperatorException(
                $"Scale, bias, mean and variance have {string.Join(", ", lengths)} numbers, but the input {x.Shape} has {depth} channels.",
                "Check the exported model.");
        float[] factor = new float[gamma.Length], offset = new float[gamma.Length];
        for (int i = 0; i < factor.Length; i++)
        {
            double a = gamma[i] / Math.Sqrt((double)variance[i] + statistics.Epsilon);
            factor[i] = (float)a;
            offset[i] = (float)(beta[i] - (a * mean[i]));
        }
        Shape channels = x.Shape.Rank == 1 ? [1] : Channels(x.Shape, factor.Length);
        Tensor y = g.Mul(x, g.Constant(TensorData.From<float>(channels, factor), "scale"));
        return g.Add(y, g.Constant(TensorData.From<float>(channels, offset), "offset"));
    }

    /// <summary>Each channel of each image [N, C, …] over its own pixels; factors and offsets of channels may be left out.</summary>
    public static Tensor Instance(GraphEmitter g, Tensor x, Tensor? scale, Tensor? bias, float epsilon)
    {
        RequireChannels(x);
        Tensor image = g.ChannelsLast(x);
        Tensor y = OverAxes(g, image, [.. Enumerable.Range(1, image.Shape.Rank - 2)], epsilon);
        return g.ChannelsFirst(Scaled(g, y, scale, bias));
    }

    /// <summary>Over the axes from one on, then scaled.</summary>
    /// <param name="g">The graph.</param>
    /// <param name="x">The operand.</param>
    /// <param name="axis">The first of the axes.</param>
    /// <param name="scale">Factors; null for 1.</param>
    /// <param name="bias">What is added; null for 0.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <returns>The result, the mean, and one over the deviation.</returns>
    public static (Tensor Result, Tensor Mean, Tensor InverseDeviation) Layer(GraphEmitter g, Tensor x, int axis, Tensor? scale,
        Tensor? bias, float epsilon)
    {
        int[] axes = [.. Enumerable.Range(axis, x.Shape.Rank - axis)];
        Tensor mean = g.Reduce(ReduceKind.Mean, x, axes, true), centred = g.Sub(x, mean);
        Tensor inverse = InverseDeviation(g, centred, axes, epsilon);
        return (Scaled(g, g.Mul(centred, inverse), scale, bias), mean, inverse);
    }

    /// <summary>By the root of the mean square over the axes from one on, then scaled.</summary>
    public static Tensor RootMeanSquare(GraphEmitter g, Tensor x, int axis, Tensor? scale, float epsilon)
    {
        Tensor square = g.Reduce(ReduceKind.Mean, g.Mul(x, x), [.. Enumerable.Range(axis, x.Shape.Rank - axis)], true);
        return Scaled(g, g.Mul(x, g.Unary(UnaryKind.Rsqrt, g.Add(square, g.Scalar(epsilon)))), scale, null);
    }

    /// <summary>Each group of channels of each image over its own pixels.</summary>
    /// <param name="g">The graph.</param>
    /// <param name="x">The operand [N, C, …].</param>
    /// <param name="groups">Number of groups.</param>
    /// <param name="scale">A factor for each channel, or for each group; null for 1.</param>
    /// <param name="bias">As many numbers to add; null for 0.</param>
    /// <param name="epsilon">Added to the variance.</param>
    public static Tensor Group(GraphEmitter g, Tensor x, int groups, Tensor? scale, Tensor? bias, float epsilon)
    {
        RequireChannels(x);
        int channels = x.Shape[1];
        if (scale?.Shape.Rank == 0)
            throw new UnsupportedOperatorException($"Factors {scale.Shape} do not suit channels or groups.", "Check the exported model.");
        if (groups < 1 || channels % groups != 0)
            throw new UnsupportedOperatorException($"{channels} channels do not divide into {groups} groups.",
                "Check the layer's arguments.");
        Shape rows = [x.Shape[0], groups, checked((int)(x.Shape.ElementCount / x.Shape[0] / groups))];
        Tensor y = g.Reshape(OverAxes(g, g.Reshape(x, rows), [2], epsilon), x.Shape);
        if (scale?.Shape[0] == groups && groups != channels)
        {
            scale = PerChannel(scale);
            bias = PerChannel(bias);
        }
        Shape perChannel = Channels(x.Shape, channels);
        if (scale is not null)
            y = g.Mul(y, g.Reshape(scale, perChannel));
        return bias is null ? y : g.Add(y, g.Reshape(bias, perChannel));

        Tensor? PerChannel(Tensor? t) => t is null ? null
            : g.Reshape(g.Emit(new BroadcastTo(), g.Reshape(t, [groups, 1]), g.Integers(groups, channels / groups)), [channels]);
    }

    /// <summary>Less the mean and over the deviation along the axes.</summary>
    public static Tensor OverAxes(GraphEmitter g, Tensor x, int[] axes, float epsilon)
    {
        Tensor centred = g.Sub(x, g.Reduce(ReduceKind.Mean, x, axes, true));
        return g.Mul(centred, InverseDeviation(g, centred, axes, epsilon));
    }

    /// <summary>Each pixel of an image [N, C, …] by a power of what its neighbouring channels' squares sum up to.</summary>
    /// <param name="g">The graph.</param>
    /// <param name="x">The operand.</param>
    /// <param name="size">Width of the window of channels.</param>
    /// <param name="bias">Added to the sum.</param>
    /// <param name="alpha">Factor of the mean square.</param>
    /// <param name="beta">The power.</param>
    public static Tensor LocalResponse(GraphEmitter g, Tensor x, int size, float bias, float alpha, float beta)
    {
        if (size % 2 == 0)
            throw new UnsupportedOperatorException($"A window of {size} channels has no middle.", "Use an odd size.");
        return g.ChannelsFirst(g.Emit(new LocalResponseNormalization((size - 1) / 2, bias, alpha / size, beta), g.ChannelsLast(x)));
    }

    /// <summary>By the norm along an axis: the sum of absolute values, or the root of the squares' sum.</summary>
    public static Tensor ByNorm(GraphEmitter g, Tensor x, int axis, bool ofSquares) => ofSquares
        ? g.OnLastAxis(x, axis, t => g.Emit(new L2Normalization(), t))
        : g.Emit(new Binary(BinaryKind.Div), x, g.Reduce(ReduceKind.Sum, g.Unary(UnaryKind.Abs, x), [axis], true));

    /// <summary>A tensor times factors plus offsets; either may be left out.</summary>
    public static Tensor Scaled(GraphEmitter g, Tensor x, Tensor? scale, Tensor? bias)
    {
        if (scale is not null)
            x = g.Mul(x, scale);
        return bias is not null ? g.Add(x, bias) : x;
    }

    private static Tensor InverseDeviation(GraphEmitter g, Tensor centred, int[] axes, float epsilon)
    {
        Tensor variance = g.Reduce(ReduceKind.Mean, g.Mul(centred, centred), axes, true);
        return g.Unary(UnaryKind.Rsqrt, g.Add(variance, g.Scalar(epsilon)));
    }

    private static void RequireChannels(Tensor x)
    {
        if (x.Shape.Rank < 2 || x.Shape.ElementCount == 0)
            throw new UnsupportedOperatorException($"{x.Shape} is no image with channels.", "Check the exported model.");
    }

    private static Shape Channels(Shape like, int count) => [.. Enumerable.Range(0, like.Rank).Select(axis => axis == 1 ? count : 1)];
}

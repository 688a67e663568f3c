using EthosU.Graphs;

namespace EthosU.Import.Formulas;

/// <summary>Convolutions (tflite-kernels 4.2 and 4.3).</summary>
public static class Convolution
{
    /// <summary>How many spatial axes a convolution has: one or two.</summary>
    /// <param name="x">The image [N, C, …].</param>
    /// <param name="w">The weights, of as many axes.</param>
    /// <exception cref="UnsupportedOperatorException">It has others.</exception>
    public static int SpatialAxes(Tensor x, Tensor w)
    {
        int spatial = x.Shape.Rank - 2;
        return spatial is 1 or 2 && w.Shape.Rank == x.Shape.Rank ? spatial
            : throw new UnsupportedOperatorException($"A convolution over {spatial} axes cannot be expressed.",
                "Only Conv1d and Conv2d are possible on microcontrollers; use them instead of Conv3d.");
    }

    /// <summary>A convolution.</summary>
    /// <param name="g">The graph.</param>
    /// <param name="x">The image [N, C, H, W] or [N, C, L].</param>
    /// <param name="w">The weights [O, C / groups, H, W] or [O, C / groups, L].</param>
    /// <param name="bias">A number for each output channel; null for 0.</param>
    /// <param name="groups">How many groups of channels see nothing of each other.</param>
    /// <param name="options">How windows lie; the weights say their size.</param>
    /// <exception cref="UnsupportedOperatorException">It cannot be expressed.</exception>
    public static Tensor Of(GraphEmitter g, Tensor x, Tensor w, Tensor? bias, int groups, WindowOptions options)
    {
        int spatial = SpatialAxes(x, w);
        if (groups < 1 || w.Shape[0] % groups != 0 || x.Shape[1] != (long)w.Shape[1] * groups)
            throw new UnsupportedOperatorException($"Weights {w.Shape} with {groups} groups do not suit the input {x.Shape}.",
                "Check the exported model.");
        RequireKernel(options, w);
        RequireBias(bias, w.Shape[0]);
        if (spatial == 1)
            (x, w) = (g.Lifted(x), g.Lifted(w));
        Window window = Window.Over(options, [w.Shape[2], w.Shape[3]], x.Shape);
        (Tensor image, Padding padding) = window.Pad(g, g.ChannelsLast(x));
        bias ??= g.Constant(TensorData.From<float>([w.Shape[0]], new float[g.Listed(w.Shape[0])]), "bias");
        bool depthwise = groups == x.Shape[1] && groups > 1;
        Tensor y = depthwise
            ? g.Emit(new DepthwiseConv2D(padding, window.Strides[0], window.Strides[1], window.Dilations[0], window.Dilations[1],
                w.Shape[0] / groups), image, g.Transpose(w, 1, 2, 3, 0), bias)
            : g.Emit(new Conv2D(padding, window.Strides[0], window.Strides[1], window.Dilations[0], window.Dilations[1]), image,
                g.Transpose(w, 0, 2, 3, 1), bias);
        y = g.ChannelsFirst(y);
        return spatial == 1 ? g.Lowered(y) : y;
    }

    /// <summary>Refuses a size of windows that is not that of the weights.</summary>
    internal static void RequireKernel(WindowOptions options, Tensor weights)
    {
        int[] kernel = [.. weights.Shape.Skip(2)];
        if (options.Kernel is { } declared && !declared.AsSpan().SequenceEqual(kernel))
            throw new UnsupportedOperatorException(
                $"Its kernel_shape is [{string.Join(", ", declared)}], but that of its weights {weights.Shape} is "
                    + $"[{string.Join(", ", kernel)}].", "Check the exported model.");
    }

    /// <summary>Refuses a bias that has not one number for each channel of the result.</summary>
    internal static void RequireBias(Tensor? bias, int channels)
    {
        if (bias is not null && (bias.Shape.Rank != 1 || bias.Shape[0] != channels))
            throw new UnsupportedOperatorException($"Its bias {bias.Shape} does not suit its {channels} output channels.",
                "Check the exported model.");
    }
}

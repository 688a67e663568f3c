using EthosU.Graphs;

namespace EthosU.Optimize.Passes;

/// <summary>The window of a convolution or pool.</summary>
internal readonly record struct Window(Operator Operator, Padding Padding, int Height, int Width, int StrideHeight, int StrideWidth,
    int DilationHeight, int DilationWidth)
{
    /// <summary>The window of a node that has one and reads an image as its first operand; null for others.</summary>
    public static Window? Of(Node node) => node.Operator switch
    {
        Conv2D c => new(c, c.Padding, node.Input(1).Shape[1], node.Input(1).Shape[2], c.StrideHeight, c.StrideWidth, c.DilationHeight,
            c.DilationWidth),
        DepthwiseConv2D c =>
            new(c, c.Padding, node.Input(1).Shape[1], node.Input(1).Shape[2], c.StrideHeight, c.StrideWidth, c.DilationHeight,
            c.DilationWidth),
        Pool2D p => new(p, p.Padding, p.FilterHeight, p.FilterWidth, p.StrideHeight, p.StrideWidth, 1, 1),
        _ => null,
    };

    public Operator WithSame() => Operator switch
    {
        Conv2D c => c with { Padding = Padding.Same },
        DepthwiseConv2D c => c with { Padding = Padding.Same },
        Pool2D p => p with { Padding = Padding.Same },
        _ => Operator,
    };

    /// <summary>True if padding so many cells before height and width is what SAME does.</summary>
    public bool IsSame(Shape image, Shape output, int top, int left) =>
        WindowGeometry.IsSame(image[1], output[1], Height, StrideHeight, DilationHeight, top)
        && WindowGeometry.IsSame(image[2], output[2], Width, StrideWidth, DilationWidth, left);

    /// <summary>Cells behind the image that windows reach, along height (0) or width (1).</summary>
    public int NeededAfter(Shape image, Shape output, int axis, int before)
    {
        (int filter, int stride, int dilation) = axis == 0 ? (Height, StrideHeight, DilationHeight) : (Width, StrideWidth, DilationWidth);
        return Math.Max(0, ((output[1 + axis] - 1) * stride) + WindowGeometry.EffectiveSize(filter, dilation) - image[1 + axis] - before);
    }

    /// <summary>True if windows do not reach beyond the image.</summary>
    public bool StaysInside(Shape image, Shape output) => Padding == Padding.Valid
        || (Reach(0, image, output) == 0 && Reach(1, image, output) == 0);

    private int Reach(int axis, Shape image, Shape output)
    {
        (int filter, int stride, int dilation) = axis == 0 ? (Height, StrideHeight, DilationHeight) : (Width, StrideWidth, DilationWidth);
        var (before, after) = WindowGeometry.PaddingSize(Padding, image[1 + axis], output[1 + axis], filter, stride, dilation);
        return before + after;
    }
}

namespace EthosU.Graphs;

/// <summary>Operators that slide a window over [N, H, W, C].</summary>
internal static class WindowShapes
{
    public static TensorType Infer(Operator op, Operands x)
    {
        switch (op)
        {
            case Conv2D conv:
            {
                Tensor input = x.Ranked(0, 4), filter = x.Ranked(1, 4);
                int groupDepth = filter.Shape[3];
                if (groupDepth == 0 || input.Shape[3] == 0 || input.Shape[3] % groupDepth != 0
                    || filter.Shape[0] % (input.Shape[3] / groupDepth) != 0)
                    throw x.Error($"filter {filter.Shape} does not suit input {input.Shape}");
                CheckBias(x, 2, filter.Shape[0]);
                return new(input.Type, [input.Shape[0],
                    Size(x, conv.Padding, input.Shape[1], filter.Shape[1], conv.StrideHeight, conv.DilationHeight),
                    Size(x, conv.Padding, input.Shape[2], filter.Shape[2], conv.StrideWidth, conv.DilationWidth), filter.Shape[0]]);
            }
            case DepthwiseConv2D conv:
            {
                Tensor input = x.Ranked(0, 4), filter = x.Ranked(1, 4);
                if (filter.Shape[0] != 1 || filter.Shape[3] != (long)input.Shape[3] * conv.DepthMultiplier)
                    throw x.Error($"filter {filter.Shape} does not suit input {input.Shape} and multiplier {conv.DepthMultiplier}");
                CheckBias(x, 2, filter.Shape[3]);
                return new(input.Type, [input.Shape[0],
                    Size(x, conv.Padding, input.Shape[1], filter.Shape[1], conv.StrideHeight, conv.DilationHeight),
                    Size(x, conv.Padding, input.Shape[2], filter.Shape[2], conv.StrideWidth, conv.DilationWidth), filter.Shape[3]]);
            }
            case TransposeConv:
            {
                int[] size = x.Integers(0);
                Tensor filter = x.Ranked(1, 4), input = x.Ranked(2, 4);
                if (size.Length != 4 || size[3] != filter.Shape[0] || filter.Shape[3] != input.Shape[3] || size[0] != input.Shape[0])
                    throw x.Error($"output shape [{string.Join(", ", size)}], filter {filter.Shape} and input {input.Shape} do not suit "
                        + $"each other");
                CheckBias(x, 3, filter.Shape[0]);
                return new(input.Type, new Shape([.. size]));
            }
            case Pool2D pool:
            {
                Tensor input = x.Ranked(0, 4);
                return new(input.Type, [input.Shape[0],
                    Size(x, pool.Padding, input.Shape[1], pool.FilterHeight, pool.StrideHeight, 1),
                    Size(x, pool.Padding, input.Shape[2], pool.FilterWidth, pool.StrideWidth, 1), input.Shape[3]], input.Quantization);
            }
            default:
                throw x.Error("not a window operator");
        }
    }

    private static void CheckBias(Operands x, int index, int channels)
    {
        if (x.Try(index) is { } bias && bias.Shape.ElementCount != channels)
            throw x.Error($"bias {bias.Shape} does not have {channels} values");
    }

    private static int Size(Operands x, Padding padding, int input, int filter, int stride, int dilation)
    {
        if (filter < 1 || stride < 1 || dilation < 1)
            throw x.Error($"filter size {filter}, stride {stride} and dilation {dilation} must be positive");
        int size = WindowGeometry.OutputSize(padding, input, filter, stride, dilation);
        return size > 0 || input == 0 ? size
            : throw x.Error($"a window of {filter} (dilation {dilation}) does not fit an input of {input}");
    }
}

using EthosU.Graphs;
using Xunit;

namespace EthosU.Pipeline.Tests.Compile;

/// <summary>Transposed convolutions of any stride and dilations of any size run on the NPU, with the interpreter's bytes.</summary>
public sealed class ConvolutionPhaseTests
{
    [Fact]
    public void A_transposed_convolution_has_any_stride_and_size()
    {
        int turn = 0;
        foreach (Padding padding in (Padding[])[Padding.Valid, Padding.Same])
            foreach ((int kernelY, int kernelX, int strideY, int strideX) in (ReadOnlySpan<(int, int, int, int)>)
                [(3, 3, 3, 3), (5, 4, 3, 2), (2, 2, 3, 3), (1, 16, 1, 8), (9, 9, 4, 4), (3, 3, 2, 2), (4, 4, 1, 2), (1, 1, 2, 2)])
                foreach (int extra in (int[])[0, 1])
                    foreach (int depth in (int[])[1, 5, 16])
                        Transposed(padding, kernelY, kernelX, strideY, strideX, extra, depth, turn++);
    }

    [Theory]
    [InlineData(ElementType.Int8)]
    [InlineData(ElementType.Int16)]
    public void A_dilation_is_of_any_size(ElementType type)
    {
        int turn = 0;
        foreach (bool isDepthwise in (bool[])[false, true])
            foreach (Padding padding in (Padding[])[Padding.Same, Padding.Valid])
                foreach ((int height, int width, int dilationY, int dilationX) in (ReadOnlySpan<(int, int, int, int)>)
                    [(5, 7, 6, 6), (5, 7, 9, 3), (26, 31, 6, 6), (19, 40, 3, 5), (40, 13, 18, 4), (1, 90, 1, 32), (70, 70, 34, 34)])
                    if (padding == Padding.Same || (height > 2 * dilationY && width > 2 * dilationX))
                        Dilated(type, isDepthwise, padding, height, width, dilationY, dilationX, turn++);
    }

    private static void Transposed(Padding padding, int kernelY, int kernelX, int strideY, int strideX, int extra, int depth, int turn)
    {
        const int height = 4, width = 6, input = 7;
        int Size(int size, int kernel, int stride) => padding == Padding.Valid ? ((size - 1) * stride) + kernel + (stride > 1 ? extra : 0)
            : (size * stride) - (stride > 1 ? extra : 0);
        ElementType type = turn % 4 == 3 ? ElementType.Int16 : ElementType.Int8;
        Tensor x = new("x", type, [1 + (turn % 2), height, width, input], Quantization.PerTensor(0.05f, type == ElementType.Int8 ? -3 : 0));
        Tensor y = new("y", type, [x.Shape[0], Size(height, kernelY, strideY), Size(width, kernelX, strideX), depth],
            Quantization.PerTensor(type == ElementType.Int8 ? 0.2f : 0.1f, type == ElementType.Int8 ? 4 : 0));
        Tensor size = new("size", TensorData.Vector<int>([.. y.Shape]));
        Check(new(new TransposeConv(padding, strideY, strideX) { Activation = FusedActivation.Relu6 },
            [size, Weights([depth, kernelY, kernelX, input], 0, turn), x, Bias(type, depth)], [y]), x,
            $"{padding} {kernelY}x{kernelX} stride {strideY}x{strideX}, {depth} channels", turn);
    }

    private static void Dilated(ElementType type, bool isDepthwise, Padding padding, int height, int width, int dilationY, int dilationX,
        int turn)
    {
        const int depth = 6;
        int rows = height == 1 ? 1 : 3;
        Tensor x = new("x", type, [1, height, width, depth], Quantization.PerTensor(0.05f, type == ElementType.Int8 ? -3 : 0));
        int toHeight = WindowGeometry.OutputSize(padding, height, rows, 1, dilationY),
            toWidth = WindowGeometry.OutputSize(padding, width, 3, 1, dilationX);
        Tensor y = new("y", type, [1, toHeight, toWidth, depth],
            Quantization.PerTensor(0.2f, type == ElementType.Int8 ? 4 : 0));
        Operator op = isDepthwise ? new DepthwiseConv2D(padding, 1, 1) { DilationHeight = dilationY, DilationWidth = dilationX }
            : new Conv2D(padding, 1, 1) { DilationHeight = dilationY, DilationWidth = dilationX };
        Tensor weights = isDepthwise ? Weights([1, rows, 3, depth], 3, turn) : Weights([depth, rows, 3, depth], 0, turn);
        Check(new(op, [x, weights, Bias(type, depth)], [y]), x, $"{op} of {height}x{width}", turn);
    }

    private static Tensor Weights(int[] shape, int axis, int seed)
    {
        Random random = new(seed);
        Shape sizes = [.. shape];
        sbyte[] values = [.. Enumerable.Range(0, (int)sizes.ElementCount).Select(_ => (sbyte)random.Next(-127, 128))];
        return new("weights", TensorData.From<sbyte>(sizes, values), Quantization.PerAxisSymmetric(
            [.. Enumerable.Range(1, shape[axis]).Select(i => 0.001f * i)], axis));
    }

    private static Tensor Bias(ElementType type, int depth) => new("bias", type == ElementType.Int16
        ? TensorData.Vector<long>([.. Enumerable.Range(0, depth).Select(i => (100L * i) - 200)])
        : TensorData.Vector<int>([.. Enumerable.Range(0, depth).Select(i => (100 * i) - 200)]));

    private static void Check(Node node, Tensor x, string name, int turn)
    {
        Graph graph = new("convolution", [node], [x], node.Outputs);
        CompileCheck check = CompileCheck.AgainstInterpreter(graph,
            CompileCheck.Target(CompileCheck.Accelerators[turn % CompileCheck.Accelerators.Length], "Shared_Sram"), samples: 1, seed: turn);
        name += $" of {x.Type} on {check.Result.Estimate.Target.Accelerator.Name}";
        Assert.True(check.Result.RunsEntirelyOnNpu, $"{name}: {string.Join("; ", check.Result.Findings)}");
        Assert.True(check.DifferingBytes == 0, $"{check.DifferingBytes} bytes differ: {name}");
        Assert.True(check.Violations.IsEmpty, $"{name}: {string.Join("; ", check.Violations.Take(3))}");
    }
}

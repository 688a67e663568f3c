using EthosU.Graphs;
using Xunit;

namespace EthosU.Pipeline.Tests.Compile;

/// <summary>Resizing on the NPU gives the interpreter's bytes for every kind, size and position of the centres.</summary>
public sealed class ResizeTests
{
    private static readonly (int Height, int Width, int Depth, int ToHeight, int ToWidth)[] Sizes =
    [
        (5, 7, 3, 40, 56), (5, 7, 16, 10, 56), (4, 6, 5, 8, 6), (7, 5, 8, 20, 13), (16, 16, 4, 32, 32), (9, 9, 2, 5, 6),
        (1, 5, 3, 1, 11), (1, 6, 3, 7, 15), (6, 1, 3, 15, 7), (3, 4, 1, 9, 40), (12, 10, 17, 37, 23), (5, 5, 2, 9, 9),
        (30, 20, 3, 7, 31), (2, 2, 1, 66, 70), (8, 8, 33, 4, 4),
    ];

    public static TheoryData<ResizeKind, bool, bool> Kinds => new()
    {
        { ResizeKind.Bilinear, false, false }, { ResizeKind.Bilinear, true, false }, { ResizeKind.Bilinear, false, true },
        { ResizeKind.Nearest, false, false }, { ResizeKind.Nearest, true, false }, { ResizeKind.Nearest, false, true },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Any_sizes_are_exact_in_int8(ResizeKind kind, bool alignsCorners, bool isHalfPixel)
    {
        int turn = 0;
        foreach ((int height, int width, int depth, int toHeight, int toWidth) in Sizes)
            Check(new(kind, alignsCorners, isHalfPixel), ElementType.Int8, new([1 + (turn % 2), height, width, depth]), toHeight, toWidth,
                CompileCheck.Accelerators[turn++ % CompileCheck.Accelerators.Length]);
    }

    [Fact]
    public void Powers_of_two_and_repeated_elements_are_exact_in_16_bits()
    {
        foreach (int factor in (int[])[2, 4, 8])
            Check(new(ResizeKind.Bilinear, false, true), ElementType.Int16, new([1, 5, 6, 3]), 5 * factor, 6 * factor, "ethos-u55-128");
        Check(new(ResizeKind.Nearest, false, true), ElementType.Int16, new([1, 5, 6, 3]), 12, 17, "ethos-u55-128");
    }

    [Fact]
    public void Halves_are_rounded_away_from_zero()
    {
        GraphBuilder builder = new("halves");
        Tensor x = builder.AddInput("x", ElementType.Int8, new([1, 1, 256 * 4, 1]), Quantization.PerTensor(0.1f, 3));
        Tensor y = new("y", ElementType.Int8, new([1, 1, (256 * 4 * 2) - 1, 1]), x.Quantization);
        builder.AddNode(new(new Resize(ResizeKind.Bilinear, true), [x, Integers(1, y.Shape[2])], [y]));
        builder.AddOutput(y);
        sbyte[] values = [.. Enumerable.Range(0, x.Shape[2]).Select(i => (sbyte)((i / 2) - 128 + (i % 2 * 3)))];
        CompileCheck check = CompileCheck.AgainstInterpreter(builder.Build(), new(CompileCheck.Target("ethos-u55-128", "Shared_Sram")),
            [[TensorData.From<sbyte>(x.Shape, values)]]);
        Assert.Equal(0, check.DifferingBytes);
        Assert.True(check.Result.RunsEntirelyOnNpu);
    }

    private static Tensor Integers(params int[] values) => new("size", TensorData.Vector<int>(values));

    private static void Check(Resize op, ElementType type, Shape shape, int height, int width, string accelerator)
    {
        GraphBuilder builder = new("resize");
        Tensor x = builder.AddInput("x", type, shape, Quantization.PerTensor(0.1f, type == ElementType.Int8 ? -7 : 0));
        Tensor y = new("y", type, new([shape[0], height, width, shape[3]]), x.Quantization);
        builder.AddNode(new(op, [x, Integers(height, width)], [y]));
        builder.AddOutput(y);
        Graph graph = builder.Build();
        CompileCheck check = CompileCheck.AgainstInterpreter(graph, new(CompileCheck.Target(accelerator, "Shared_Sram")),
            CompileCheck.Extremes(graph, samples: 2, seed: height));
        string name = $"{op} of {type} {shape} to {height} x {width} on {accelerator}";
        Assert.True(check.DifferingBytes == 0, $"{check.DifferingBytes} bytes differ: {name}");
        Assert.True(check.Violations.IsEmpty, $"{name}: {string.Join("; ", check.Violations.Take(3))}");
        Assert.True(check.Result.RunsEntirelyOnNpu, $"{name}: {string.Join("; ", check.Result.Findings)}");
    }
}

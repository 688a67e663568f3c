using EthosU.Graphs;
using Xunit;

namespace EthosU.Interpreter.Tests;

/// <summary>The vector paths equal the plain formula on shapes and values that the operator suite does not have.</summary>
public sealed class PathTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 60)];

    [Theory, MemberData(nameof(Seeds))]
    public void Convolutions(int seed)
    {
        Random random = new(seed);
        int groups = random.Next(4) == 0 ? random.Next(2, 4) : 1, depth = random.Next(1, 40), perGroup = random.Next(1, 40);
        int kernel = random.Next(1, 4), stride = random.Next(1, 3), dilation = stride == 1 ? random.Next(1, 3) : 1;
        Shape x = [random.Next(1, 3), random.Next(7, 12), random.Next(7, 12), groups * depth];
        Operator op = new Conv2D(random.Next(2) == 0 ? Padding.Same : Padding.Valid, stride, stride, dilation, dilation,
            Activation: FusedActivation.Relu6);
        Compare(random, op, x, [groups * perGroup, kernel, kernel, depth], groups * perGroup, 0);
    }

    [Theory, MemberData(nameof(Seeds))]
    public void DepthwiseConvolutions(int seed)
    {
        Random random = new(1000 + seed);
        int channels = random.Next(1, 50), multiplier = random.Next(3) == 0 ? random.Next(2, 4) : 1;
        int kernel = random.Next(1, 6), stride = random.Next(1, 3), dilation = stride == 1 ? random.Next(1, 3) : 1;
        Shape x = [random.Next(1, 3), random.Next(9, 12), random.Next(9, 12), channels];
        Operator op = new DepthwiseConv2D(random.Next(2) == 0 ? Padding.Same : Padding.Valid, stride, stride, dilation, dilation,
            multiplier);
        Compare(random, op, x, [1, kernel, kernel, channels * multiplier], channels * multiplier, 3);
    }

    [Theory, MemberData(nameof(Seeds))]
    public void MatrixProducts(int seed)
    {
        Random random = new(2000 + seed);
        int depth = seed % 5 == 0 ? random.Next(1000, 3000) : random.Next(1, 200), units = random.Next(1, 50);
        Compare(random, new FullyConnected(), [random.Next(1, 11), depth], [units, depth], units, 0, largest: seed % 5 == 0);
    }

    [Theory, MemberData(nameof(Seeds))]
    public void TransposedConvolutions(int seed)
    {
        Random random = new(3000 + seed);
        int channels = random.Next(1, 40), depth = random.Next(1, 40), kernel = random.Next(1, 5), stride = random.Next(1, 3);
        bool wide = random.Next(4) == 0, same = random.Next(2) == 0;
        Shape xShape = [random.Next(1, 3), random.Next(1, 7), random.Next(1, 7), depth];
        Shape yShape = [xShape[0], Size(xShape[1]), Size(xShape[2]), channels];
        GraphBuilder builder = new();
        Tensor x = builder
            .AddInput("x", wide ? ElementType.Int16
            : ElementType.Int8, xShape, Quantization.PerTensor(0.05f, wide ? 0 : random.Next(-128, 128)));
        Tensor w = builder
            .AddConstant("w", Weights(random, [channels, kernel, kernel, depth]),
            Quantization.PerAxisSymmetric([.. Enumerable.Range(0, channels).Select(_ => 0.001f + (random.NextSingle() * 0.1f))], 0));
        int[] bias = [.. Enumerable.Range(0, channels).Select(_ => random.Next(seed % 10 == 0 ? int.MaxValue - 1000 : 100_000))];
        Tensor b = builder.AddConstant("b", TensorData.From<int>([channels], bias)), size = builder.AddIntegers("size", [.. yShape]);
        Tensor y = new("y", x.Type, yShape, Quantization.PerTensor(MathF.Pow(2, random.Next(-4, 8)), wide ? 0 : random.Next(-128, 128)));
        builder.AddNode(new Node(new TransposeConv(same ? Padding.Same : Padding.Valid, stride, stride), [size, w, x, b], [y]));
        builder.AddOutput(y);
        CompareRuns(random, builder.Build());

        int Size(int length) => same ? length * stride : ((length - 1) * stride) + kernel;
    }

    [Theory, MemberData(nameof(Seeds))]
    public void ProductsOfTwoActivations(int seed)
    {
        Random random = new(4000 + seed);
        int m = random.Next(1, 20), n = random.Next(1, 20), k = random.Next(1, 70), zero = random.Next(-128, 128);
        bool adjX = random.Next(2) == 0, adjY = random.Next(2) == 0;
        GraphBuilder builder = new();
        Tensor x = builder.AddInput("x", ElementType.Int8, adjX ? [2, k, m] : [2, m, k], Quantization.PerTensor(0.05f, zero));
        Tensor w = builder.AddInput("w", ElementType.Int8, adjY ? [2, n, k] : [2, k, n], Quantization.PerTensor(0.02f, -zero - 1));
        Tensor y = new("y", ElementType.Int8, [2, m, n], Quantization.PerTensor(MathF.Pow(2, random.Next(-4, 4)), random.Next(-128, 128)));
        builder.AddNode(new Node(new BatchMatMul(adjX, adjY), [x, w], [y]));
        builder.AddOutput(y);
        CompareRuns(random, builder.Build());
    }

    [Theory, MemberData(nameof(Seeds))]
    public void Softmaxes(int seed)
    {
        Random random = new(5000 + seed);
        Shape shape = [random.Next(1, 5), random.Next(1, 100)];
        GraphBuilder builder = new();
        Tensor x = builder
            .AddInput("x", ElementType.Int8, shape,
            Quantization.PerTensor(MathF.Pow(2, random.Next(-8, 4)) * (1 + random.NextSingle()), random.Next(-128, 128)));
        Tensor y = random.Next(3) == 0 ? new("y", ElementType.Int16, shape, Quantization.PerTensor(1f / 32768, 0))
            : new("y", ElementType.Int8, shape, Quantization.PerTensor(1f / 256, -128));
        builder.AddNode(new Node(new Softmax(1), [x], [y]));
        builder.AddOutput(y);
        CompareRuns(random, builder.Build());
    }

    private static void CompareRuns(Random random, Graph graph)
    {
        TensorData[] inputs = [.. graph.Inputs.Select(input =>
        {
            var values = new byte[input.Type.ByteCount(input.Shape.ElementCount)];
            Fill(random, values, input.Type.ByteSize(), false);
            return new TensorData(input.Type, input.Shape, values);
        })];
        long[] expected = new GraphInterpreter(graph, new() { Path = KernelPath.Plain }).Run(inputs)[0].ToInt64Array();
        foreach (KernelPath path in (KernelPath[])[KernelPath.Fastest, KernelPath.Avx2, KernelPath.Portable])
            Assert.Equal(expected, new GraphInterpreter(graph, new() { Path = path }).Run(inputs)[0].ToInt64Array());
    }

    private static TensorData Weights(Random random, Shape shape)
    {
        var weights = new sbyte[shape.ElementCount];
        Fill(random, System.Runtime.InteropServices.MemoryMarshal.AsBytes(weights.AsSpan()), 1, false);
        return TensorData.From<sbyte>(shape, weights);
    }

    /// <summary>Compares a layer of random weights; "largest": 16-bit activations whose 64-bit sums are as large as can be.</summary>
    private static void Compare(Random random, Operator op, Shape xShape, Shape wShape, int channels, int axis, bool largest = false)
    {
        bool wide = largest || random.Next(2) == 0, perAxis = op is not FullyConnected;
        var biasType = wide && (largest || op is DepthwiseConv2D || random.Next(2) == 0) ? ElementType.Int64 : ElementType.Int32;
        GraphBuilder builder = new();
        Tensor x = builder
            .AddInput("x", wide ? ElementType.Int16
            : ElementType.Int8, xShape, Quantization.PerTensor(0.05f, wide ? 0 : random.Next(-128, 128)));
        var quantization = perAxis
            ? Quantization.PerAxisSymmetric([.. Enumerable.Range(0, channels).Select(_ => 0.001f + (random.NextSingle() * 0.1f))], axis)
            : Quantization.PerTensor(0.01f, !largest && random.Next(3) == 0 ? random.Next(-128, 128) : 0);
        sbyte[] weights = new sbyte[wShape.ElementCount];
        Fill(random, System.Runtime.InteropServices.MemoryMarshal.AsBytes(weights.AsSpan()), 1, largest);
        Tensor w = builder.AddConstant("w", TensorData.From<sbyte>(wShape, weights), quantization);
        long[] bias = [.. Enumerable.Range(0, channels).Select(_ => (long)random.Next(-100_000, 100_000))];
        Tensor b = builder
            .AddConstant("b", biasType == ElementType.Int64 ? TensorData.From<long>([channels], bias)
            : TensorData.From<int>([channels], Array.ConvertAll(bias, v => (int)v)));
        TensorType inferred = ShapeInference.Infer(op, [x, w, b])[0];
        Tensor y = new("y", x.Type, inferred.Shape,
            Quantization.PerTensor(MathF.Pow(2, largest ? 12 : random.Next(-4, 8)), wide ? 0 : random.Next(-128, 128)));
        builder.AddNode(new Node(op, [x, w, b], [y]));
        builder.AddOutput(y);
        Graph graph = builder.Build();
        var values = new byte[x.Type.ByteCount(xShape.ElementCount)];
        Fill(random, values, x.Type.ByteSize(), largest);
        TensorData[] inputs = [new(x.Type, xShape, values)];
        TensorData expected = new GraphInterpreter(graph, new() { Path = KernelPath.Plain }).Run(inputs)[0];
        foreach (KernelPath path in (KernelPath[])[KernelPath.Fastest, KernelPath.Avx2, KernelPath.Portable])
            Assert.Equal(expected.ToInt64Array(), new GraphInterpreter(graph, new() { Path = path }).Run(inputs)[0].ToInt64Array());
    }

    /// <summary>Random values, or the lowest ones only, whose products are the largest.</summary>
    private static void Fill(Random random, Span<byte> bytes, int size, bool largest)
    {
        random.NextBytes(bytes);
        if (largest || random.Next(3) == 0)
            for (int i = 0; i < bytes.Length; i++)
                bytes[i] = (byte)(i % size == size - 1 ? 0x80 : 0);
    }
}

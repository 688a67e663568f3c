using EthosU.Graphs;

namespace EthosU.Pipeline.Tests.Compile;

/// <summary>Random tensors, constants and operators of a network that grows, the same for the same seed.</summary>
internal abstract class RandomTensors(int seed)
{
    private int count;

    protected Random Random { get; } = new(seed);

    protected GraphBuilder Builder { get; } = new("random");

    /// <summary>Activations so far.</summary>
    protected List<Tensor> Tensors { get; } = [];

    /// <summary>The type of all activations.</summary>
    protected ElementType Type { get; } = seed % 5 == 4 ? ElementType.Int16 : ElementType.Int8;

    protected string NextName() => $"c{count++}";

    protected int Channels() => Random.Next(4) switch { 0 => 16, 1 => 32, _ => Random.Next(1, 20) };

    protected Quantization Quantization() => EthosU.Graphs.Quantization.PerTensor(
        0.01f + (Random.NextSingle() * 0.1f), Type == ElementType.Int16 ? 0 : Random.Next(-60, 60));

    protected Tensor Pick() => Tensors[Math.Max(0, Tensors.Count - 1 - Random.Next(4))];

    protected Tensor Result(Shape shape, Quantization quantization) => new($"t{count++}", Type, shape, quantization);

    protected void Add(Operator op, Tensor?[] inputs, params Tensor[] outputs)
    {
        Builder.AddNode(new(op, [.. inputs], [.. outputs], new Source { NodeName = $"node{count}" }));
        Tensors.AddRange(outputs);
    }

    protected Tensor Constant(ElementType elements, Shape shape, Quantization? quantization, int low, int high)
    {
        int[] values = [.. Enumerable.Range(0, (int)shape.ElementCount).Select(_ => Random.Next(low, high))];
        TensorData data = elements switch
        {
            ElementType.Int8 => TensorData.From<sbyte>(shape, [.. values.Select(v => (sbyte)v)]),
            ElementType.Int16 => TensorData.From<short>(shape, [.. values.Select(v => (short)v)]),
            ElementType.Int64 => TensorData.From<long>(shape, [.. values.Select(v => (long)v)]),
            _ => TensorData.From<int>(shape, values),
        };
        return Builder.AddConstant(NextName(), data, quantization);
    }

    protected Tensor Integers(params int[] values) => Builder.AddIntegers(NextName(), values);

    protected int Divisor(int value, int limit)
    {
        int divisor = Random.Next(1, limit + 1);
        while (value % divisor != 0)
            divisor--;
        return divisor;
    }
}

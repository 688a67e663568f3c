using EthosU.Graphs;

namespace EthosU.Optimize.Tests;

/// <summary>Small random graphs, the same for the same seed, full of transposes and operators of every family.</summary>
internal sealed class RandomGraph(int seed)
{
    private readonly Random random = new(seed);
    private readonly GraphBuilder builder = new($"random {seed}");
    private readonly List<Tensor> values = [];

    public static Graph Make(int seed, int nodes = 14) => new RandomGraph(seed).Build(nodes);

    private Graph Build(int nodes)
    {
        for (int i = random.Next(1, 3); i > 0; i--)
            values.Add(builder
                .AddInput($"x{i}", ElementType.Float32, [1, .. Enumerable.Range(0, random.Next(2, 4)).Select(_ => random.Next(1, 5) * 2)]));
        while (builder.NodeCount < nodes)
            Step();
        foreach (Tensor tensor in Enumerable.Range(0, random.Next(1, 4)).Select(i => values[^(1 + (i * random.Next(1, 3)))]).Distinct())
            builder.AddOutput(tensor);
        return builder.Build();
    }

    private void Step()
    {
        Tensor x = values[Math.Max(0, values.Count - random.Next(1, 5))];
        if (x.Shape.ElementCount > 4096)
            x = values[0];
        int rank = x.Shape.Rank, axis = random.Next(Math.Max(rank, 1));
        if (rank == 0)
            return;
        switch (random.Next(26))
        {
            case 0 or 1 or 2 or 3 or 4:
                Add(new Transpose(), x, Integers(Shuffled(rank)));
                break;
            case 5:
                Add(new Unary(Pick(UnaryKind.Relu, UnaryKind.Tanh, UnaryKind.Logistic, UnaryKind.HardSwish, UnaryKind.Abs)), x);
                break;
            case 6:
                Add(new Binary(Pick(BinaryKind.Add, BinaryKind.Mul, BinaryKind.Sub, BinaryKind.Maximum)), x, Floats(Broadcast(x.Shape)));
                break;
            case 7:
                Add(new Binary(Pick(BinaryKind.Add, BinaryKind.Sub, BinaryKind.Maximum)), Floats(Broadcast(x.Shape)), x);
                break;
            case 8 or 9:
                Join(x);
                break;
            case 10:
                Add(new Concatenation(axis - (random.Next(2) * rank)), x, values.FindLast(t => t.Shape == x.Shape), Floats([.. x.Shape]));
                break;
            case 11:
            {
                int[] pads = [.. Enumerable.Range(0, 2 * rank).Select(_ => random.Next(3) == 0 ? 1 : 0)];
                Add(new Pad(), x, builder.AddConstant("pads", TensorData.From<int>([rank, 2], pads)));
                break;
            }
            case 12:
            {
                int[] begin = [.. x.Shape.Select(size => random.Next(3) == 0 ? random.Next(size) : 0)];
                int[] size = [.. x.Shape.Select((n, i) => random.Next(2) == 0 ? n - begin[i] : 1 + random.Next(n - begin[i]))];
                Add(new Slice(), x, Integers(begin), Integers(size));
                break;
            }
            case 13:
            {
                int mask = random.Next(1 << rank), shrink = 1 << random.Next(rank);
                Add(new StridedSlice(BeginMask: mask, ShrinkAxisMask: rank > 2 ? shrink : 0), x,
                    Integers([.. x.Shape.Select(n => random.Next(n))]),
                    Integers([.. x.Shape]), Integers([.. x.Shape.Select(_ => random.Next(1, 3))]));
                break;
            }
            case 14 when x.Shape[axis] % 2 == 0:
                values.AddRange(builder
                    .AddMany(new Split(), ["part", "part"], Source.None, builder.AddConstant("axis", TensorData.Scalar(axis)), x));
                break;
            case 15 or 16:
                Add(new Reduce(Pick(ReduceKind.Mean, ReduceKind.Max, ReduceKind.Sum), rank < 3 || random.Next(2) == 0), x,
                    Integers([.. Enumerable.Range(0, rank).Where(a => a == axis || random.Next(4) == 0)]));
                break;
            case 17:
                Add(new Softmax(), x);
                break;
            case 18 or 19 or 20:
                Add(new Reshape(), x, Integers(Regrouped(x.Shape)));
                break;
            case 21:
                Add(new Gather(axis), x, Integers(Shuffled(x.Shape[axis])));
                break;
            case 22:
                Add(new FullyConnected(KeepNumDims: true), x, Floats([4, x.Shape[-1]]), Floats([4]));
                break;
            case 23 when rank == 4:
                Window(x);
                break;
            case 24 when rank >= 3
                && values.FindLast(t => t.Shape.Rank == rank && t.Shape.Sizes[..^1].SequenceEqual(x.Shape.Sizes[..^1])) is { } y:
                Add(new BatchMatMul(AdjX: true), x, y);
                break;
            case 25:
                Add(Pick<Operator>(new CumSum(), new ReverseV2(), new LeakyRelu(0.1f)), x, axis);
                break;
        }
    }

    private void Window(Tensor x)
    {
        int channels = x.Shape[3];
        switch (random.Next(4))
        {
            case 0:
                Add(new Conv2D(Padding.Same, 1 + random.Next(2), 1), x, Floats([4, 3, 3, channels]), Floats([4]));
                break;
            case 1:
                Add(new DepthwiseConv2D(Padding.Same, 1, 1), x, Floats([1, 3, 3, channels]), random.Next(2) == 0 ? Floats([channels])
                    : null);
                break;
            case 2:
                Add(new Pool2D(Pick(PoolKind.Max, PoolKind.Average), Padding.Same, 2, 2, 3, 3), x);
                break;
            default:
                Add(new Resize(ResizeKind.Nearest), x, Integers([x.Shape[1] * 2, x.Shape[2]]));
                break;
        }
    }

    private void Add(Operator op, Tensor x, int axis)
    {
        if (op is LeakyRelu)
            Add(op, x);
        else
            Add(op, x, op is CumSum ? builder.AddConstant("axis", TensorData.Scalar(axis)) : Integers([axis]));
    }

    private void Join(Tensor x)
    {
        Tensor[] candidates = [.. values.Where(t => Shape.TryBroadcast(t.Shape, x.Shape, out Shape result) && result.ElementCount <= 4096)];
        Add(new Binary(Pick(BinaryKind.Add, BinaryKind.Mul)), x, candidates[random.Next(candidates.Length)]);
    }

    private void Add(Operator op, params Tensor?[] operands) => values.Add(builder.Add(op, "t", Source.None, operands));

    private T Pick<T>(params T[] items) => items[random.Next(items.Length)];

    private int[] Shuffled(int count)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        random.Shuffle(order);
        return order;
    }

    private int[] Broadcast(Shape shape)
    {
        int drop = random.Next(shape.Rank);
        return [.. shape.Sizes.Skip(drop).Select(size => random.Next(2) == 0 ? size : 1)];
    }

    /// <summary>Axes merged and split at random; the elements stay in their order.</summary>
    private int[] Regrouped(Shape shape)
    {
        List<int> sizes = [.. shape];
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            int at = random.Next(sizes.Count);
            if (random.Next(2) == 0 && at + 1 < sizes.Count)
            {
                sizes[at] *= sizes[at + 1];
                sizes.RemoveAt(at + 1);
            }
            else if (sizes.Count < 5 && sizes[at] % 2 == 0)
            {
                sizes[at] /= 2;
                sizes.Insert(at + random.Next(2), 2);
            }
            else if (sizes.Count < 5)
            {
                sizes.Insert(at, 1);
            }
        }
        return [.. sizes];
    }

    private Tensor Integers(int[] numbers) => builder.AddIntegers("ints", numbers);

    private Tensor Floats(int[] shape)
    {
        Shape sizes = new([.. shape]);
        return builder.AddConstant("floats",
            TensorData.From<float>(sizes, [.. Enumerable.Range(0, (int)sizes.ElementCount).Select(_ => (random.NextSingle() * 2) - 1)]));
    }
}

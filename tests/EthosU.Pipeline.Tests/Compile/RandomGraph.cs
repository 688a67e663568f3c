using EthosU.Graphs;

namespace EthosU.Pipeline.Tests.Compile;

/// <summary>
/// A random quantized network, the same for the same seed: operators that are fused, become views of each other or are split up.
/// </summary>
internal sealed class RandomGraph(int seed) : RandomTensors(seed)
{
    /// <summary>Makes one.</summary>
    /// <param name="seed">Which.</param>
    /// <param name="nodes">How many operators.</param>
    /// <param name="side">The first height and width that is too large for inputs.</param>
    public static Graph Make(int seed, int nodes, int side = 9)
    {
        RandomGraph graph = new(seed);
        for (int i = 0; i <= graph.Random.Next(2); i++)
            graph.Tensors.Add(graph.Builder
                .AddInput($"in{i}", graph.Type, [1, graph.Random.Next(1, side), graph.Random.Next(1, side), graph.Channels()],
                graph.Quantization()));
        for (int i = 0; i < nodes; i++)
            graph.AddNode();
        HashSet<Tensor> read = [.. graph.Builder.Build().Nodes.SelectMany(node => node.Inputs).Where(t => t is not null).Select(t => t!)];
        foreach (Tensor tensor in graph.Tensors)
            if ((!read.Contains(tensor) && !tensor.Name.StartsWith("in", StringComparison.Ordinal))
                || (graph.Random.Next(12) == 0 && !tensor.Name.StartsWith("in", StringComparison.Ordinal)))
                graph.Builder.AddOutput(tensor);
        return graph.Builder.Build();
    }

    private void AddNode()
    {
        Tensor x = Pick();
        if (x.Shape.Rank != 4)
        {
            AddReshape(x);
            return;
        }
        switch (Random.Next(23))
        {
            case 0 or 1:
                AddConvolution(x);
                break;
            case 2:
                AddDepthwise(x);
                break;
            case 3:
                AddPool(x);
                break;
            case 4 or 5:
                AddBinary(x);
                break;
            case 6 or 7:
                AddUnary(x);
                break;
            case 8 or 9:
                AddConcatenation(x);
                break;
            case 10:
                AddSplit(x);
                break;
            case 11:
                AddSlice(x);
                break;
            case 12 or 13:
                AddReshape(x);
                break;
            case 14:
                AddPad(x);
                break;
            case 15:
                AddTranspose(x);
                break;
            case 16:
                Add(new Graphs.Quantize(), [x], Result(x.Shape, Quantization()));
                break;
            case 17:
                AddOther(x);
                break;
            case 18:
                if (x.Shape[0] == 1)
                    AddPack(x);
                break;
            case 19:
                AddFullyConnected(x);
                break;
            case 20:
                AddStridedSlice(x);
                break;
            case 21:
                if (Type == ElementType.Int8 && x.Shape.ElementCount < 2000)
                    Add(new Resize(ResizeKind.Nearest), [x, Integers(x.Shape[1] * 2, x.Shape[2] * 2)],
                        Result([x.Shape[0], x.Shape[1] * 2, x.Shape[2] * 2, x.Shape[3]], x.Quantization!));
                break;
            default:
                Add(new Reduce(ReduceKind.Mean, true), [x, Integers(1, 2)], Result([x.Shape[0], 1, 1, x.Shape[3]], Quantization()));
                break;
        }
    }

    private void AddConvolution(Tensor x)
    {
        int depth = Channels(), kernel = Random.Next(1, 4), stride = Random.Next(1, 3);
        bool same = Random.Next(2) == 0 || kernel > x.Shape[1] || kernel > x.Shape[2];
        var op = new Conv2D(same ? Padding.Same : Padding.Valid, stride, stride, Activation: Random.Next(3) == 0 ? FusedActivation.Relu
            : FusedActivation.None);
        Tensor weights =
            Constant(ElementType.Int8, [depth, kernel, kernel, x.Shape[3]], EthosU.Graphs.Quantization.PerTensor(0.02f, 0), -127, 128);
        Tensor bias = Constant(Type == ElementType.Int16 ? ElementType.Int64
            : ElementType.Int32, [depth], EthosU.Graphs.Quantization.PerTensor(0.02f * x.Quantization!.Scale, 0), -500, 500);
        Add(op, [x, weights, bias],
            Result([x.Shape[0], Size(op.Padding, x.Shape[1], kernel, stride), Size(op.Padding, x.Shape[2], kernel, stride), depth],
                Quantization()));
    }

    private void AddDepthwise(Tensor x)
    {
        int kernel = Random.Next(1, 4), depth = x.Shape[3];
        var op = new DepthwiseConv2D(Padding.Same, 1, 1);
        Tensor weights = Constant(ElementType.Int8, [1, kernel, kernel, depth], EthosU.Graphs.Quantization.PerTensor(0.02f, 0), -127, 128);
        Tensor bias = Constant(Type == ElementType.Int16 ? ElementType.Int64
            : ElementType.Int32, [depth], EthosU.Graphs.Quantization.PerTensor(0.02f * x.Quantization!.Scale, 0), -500, 500);
        Add(op, [x, weights, bias], Result(x.Shape, Quantization()));
    }

    private void AddPool(Tensor x)
    {
        int kernel = Random.Next(1, 4), stride = Random.Next(1, 3);
        var op = new Pool2D(Random.Next(2) == 0 ? PoolKind.Max : PoolKind.Average, Padding.Same, stride, stride, kernel, kernel);
        Add(op, [x], Result(
            [x.Shape[0], Size(Padding.Same, x.Shape[1], kernel, stride), Size(Padding.Same, x.Shape[2], kernel, stride), x.Shape[3]],
            x.Quantization!));
    }

    private void AddBinary(Tensor x)
    {
        Tensor other = Tensors.FirstOrDefault(t => t != x && t.Shape == x.Shape && Random.Next(2) == 0)
            ?? (Random.Next(2) == 0 ? x : Constant(Type, [1, 1, 1, Random.Next(2) == 0 ? 1 : x.Shape[3]], Quantization(), -100, 100));
        BinaryKind kind = Random.Next(3) switch { 0 => BinaryKind.Add, 1 => BinaryKind.Sub, _ => BinaryKind.Mul };
        FusedActivation activation = Random.Next(3) == 0 ? FusedActivation.Relu : FusedActivation.None;
        // The reference's 32-bit products overflow where a product of 16-bit numbers is scaled up.
        float scale = 0.1f + Random.NextSingle() + (kind == BinaryKind.Mul ? x.Quantization!.Scale * other.Quantization!.Scale : 0);
        Add(new Binary(kind, activation), Random.Next(2) == 0 ? [x, other]
            : [other, x], Result(x.Shape, EthosU.Graphs.Quantization.PerTensor(scale, Type == ElementType.Int16 ? 0 : 7)));
    }

    private void AddUnary(Tensor x)
    {
        switch (Random.Next(4))
        {
            case 0:
                Add(new Unary(UnaryKind.Relu), [x], Result(x.Shape, x.Quantization!));
                break;
            case 1:
                Add(new Unary(UnaryKind.Logistic), [x],
                    Result(x.Shape, Type == ElementType.Int16 ? EthosU.Graphs.Quantization.PerTensor(1f / 32768, 0)
                        : EthosU.Graphs.Quantization.PerTensor(1f / 256, -128)));
                break;
            case 2:
                Add(new LeakyRelu(0.1f), [x], Result(x.Shape, Quantization()));
                break;
            default:
                Add(new Unary(UnaryKind.Abs), [x], Result(x.Shape, x.Quantization!));
                break;
        }
    }

    private void AddConcatenation(Tensor x)
    {
        int axis = Random.Next(4);
        List<Tensor> parts = [x];
        foreach (Tensor t in Tensors)
            if (parts.Count < 4 && t.Shape.Rank == 4 && Equals(t.Quantization, x.Quantization)
                && t.Shape.Without(axis) == x.Shape.Without(axis) && Random.Next(3) > 0)
                parts.Add(t);
        if (Random.Next(2) == 0)
        {
            Tensor made = Result(x.Shape, x.Quantization!);
            Add(new Pool2D(PoolKind.Max, Padding.Same, 1, 1, 2, 2), [x], made);
            parts.Insert(Random.Next(parts.Count + 1), made);
        }
        if (Random.Next(4) == 0)
            parts.Add(Constant(Type, x.Shape, x.Quantization, -100, 100));
        Add(new Concatenation(axis), [.. parts], Result(x.Shape.With(axis, parts.Sum(p => p.Shape[axis])), x.Quantization!));
    }

    private void AddSplit(Tensor x)
    {
        int axis = Random.Next(1, 4), size = x.Shape[axis];
        int parts = new[] { 4, 3, 2, 1 }.First(n => size % n == 0);
        Add(new Split(), [Builder.AddConstant(NextName(), TensorData.Scalar(axis)), x],
            [.. Enumerable.Range(0, parts).Select(_ => Result(x.Shape.With(axis, size / parts), x.Quantization!))]);
    }

    private void AddSlice(Tensor x)
    {
        int[] begin = [.. x.Shape.Sizes.Select(size => Random.Next(size))];
        int[] length = [.. x.Shape.Sizes.Select((size, axis) => Random.Next(1, size - begin[axis] + 1))];
        (begin[0], length[0]) = (0, x.Shape[0]);
        Add(new Slice(), [x, Integers(begin), Integers(length)], Result([.. length], x.Quantization!));
    }

    private void AddReshape(Tensor x)
    {
        int elements = (int)x.Shape.ElementCount;
        int height = Divisor(elements, 8), width = Divisor(elements / height, 8);
        Shape shape = Random.Next(4) == 0 ? [1, elements] : [1, height, width, elements / height / width];
        if (shape[-1] > 4096)
            shape = x.Shape;
        Add(new Reshape(), [x, Integers([.. shape.Sizes])], Result(shape, x.Quantization!));
    }

    private void AddPad(Tensor x)
    {
        int[] amounts = new int[8];
        for (int i = 2; i < 8; i++)
            amounts[i] = Random.Next(i < 6 ? 3 : 2);
        Tensor paddings = Builder.AddConstant(NextName(), TensorData.From<int>([4, 2], amounts));
        Tensor padded = Result([.. x.Shape.Sizes.Select((size, axis) => size + amounts[2 * axis] + amounts[(2 * axis) + 1])],
            x.Quantization!);
        Add(new Pad(), [x, paddings], padded);
        if (Random.Next(2) == 0 && padded.Shape[1] >= 3 && padded.Shape[2] >= 3)
            AddConvolution(padded);
    }

    private void AddTranspose(Tensor x)
    {
        int[] order = Random.Next(3) switch { 0 => [0, 2, 1, 3], 1 => [0, 3, 1, 2], _ => [0, 2, 3, 1] };
        Add(new Transpose(), [x, Integers(order)], Result(x.Shape.Permute(order), x.Quantization!));
    }

    /// <summary>Something that stays on the CPU, or that becomes many operations.</summary>
    private void AddOther(Tensor x)
    {
        if (Type == ElementType.Int8 && Random.Next(2) == 0)
            Add(new L2Normalization(), [x], Result(x.Shape, EthosU.Graphs.Quantization.PerTensor(1f / 128, 0)));
        else if (Type == ElementType.Int8 && Random.Next(2) == 0)
            Add(new Unary(UnaryKind.Elu), [x], Result(x.Shape, Quantization()));
        else
            Add(new Softmax(), [x],
                Result(x.Shape, Type == ElementType.Int16 ? EthosU.Graphs.Quantization.PerTensor(1f / 32768, 0)
                    : EthosU.Graphs.Quantization.PerTensor(1f / 256, -128)));
    }

    private void AddPack(Tensor x)
    {
        int axis = Random.Next(1, 4);
        Shape flat = x.Shape.Without(0);
        Tensor[] rows = [Result(flat, x.Quantization!)];
        Add(new Unpack(0), [x], rows);
        Tensor made = Result(flat, x.Quantization!);
        Add(new Unary(UnaryKind.Relu), [rows[0]], made);
        Tensor packed = Result([.. flat.Sizes.Insert(axis, 2)], x.Quantization!);
        Add(new Pack(axis), Random.Next(2) == 0 ? [rows[0], made] : [made, made], packed);
    }

    private void AddFullyConnected(Tensor x)
    {
        int depth = x.Shape[3], units = Channels(), rows = (int)(x.Shape.ElementCount / depth);
        Tensor weights = Constant(ElementType.Int8, [units, depth], EthosU.Graphs.Quantization.PerTensor(0.02f, 0), -127, 128);
        Tensor bias = Constant(Type == ElementType.Int16 ? ElementType.Int64
            : ElementType.Int32, [units], EthosU.Graphs.Quantization.PerTensor(0.02f * x.Quantization!.Scale, 0), -500, 500);
        bool keep = Random.Next(2) == 0;
        Add(new FullyConnected(KeepNumDims: keep), [x, weights, bias],
            Result(keep ? x.Shape.With(3, units) : [rows, units], Quantization()));
    }

    private void AddStridedSlice(Tensor x)
    {
        int[] step = [1, Random.Next(1, 3), Random.Next(1, 3), 1];
        Shape shape = [.. x.Shape.Sizes.Select((size, axis) => (size + step[axis] - 1) / step[axis])];
        Add(new StridedSlice(), [x, Integers(0, 0, 0, 0), Integers([.. x.Shape.Sizes]), Integers(step)], Result(shape, x.Quantization!));
    }

    private static int Size(Padding padding, int input, int kernel, int stride) =>
        WindowGeometry.OutputSize(padding, input, kernel, stride, 1);
}

using EthosU.Graphs;
using EthosU.Quantize.Ranges;

namespace EthosU.Quantize.Conversion;

/// <summary>Expresses operators that have no integer kernel by those that have one (tflite-kernels 3.13).</summary>
internal sealed class Lowering
{
    private const int LargestAveraging = 1 << 16; // bytes of weights

    private readonly QuantizeOptions options;
    private readonly GraphPatch patch;
    private readonly Dictionary<Tensor, ValueRange> ranges = [];
    private readonly HashSet<Tensor> pinned = [];
    private readonly HashSet<Node> wide = [];

    private readonly Graph graph;
    private readonly RangeTable known;
    private readonly OneValueChains chains;

    private Lowering(Graph graph, RangeTable known, QuantizeOptions options) =>
        (this.graph, this.known, this.options, chains, patch) = (graph, known, options, new(graph), new(graph));

    /// <summary>Lowers a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="ranges">Ranges of its tensors, from which those of new ones follow.</param>
    /// <param name="options">Choices of the quantization.</param>
    public static LoweredGraph Apply(Graph graph, RangeTable ranges, QuantizeOptions options)
    {
        HashSet<Tensor> pinned = [];
        graph = AbsorbClamps(SaturatingClamps.Merge(graph, ranges, options), options, pinned);
        Lowering lowering = new(graph, ranges, options);
        foreach (Node node in graph.Nodes)
            lowering.Rewrite(node);
        Graph lowered = lowering.patch.Apply();
        return new(lowered, lowering.ranges, pinned)
        {
            Saturating = SaturatingClamps.Find(lowered, ranges, options),
            Wide = lowering.wide,
            Trained = lowered.Tensors.Where(tensor => ranges.FindTrained(tensor) is not null).ToHashSet(),
        };
    }

    /// <summary>
    /// A clamp behind an operator that rescales its result anyway becomes that operator's fused activation or, as saturation, the
    /// range of its 8-bit result.
    /// </summary>
    private static Graph AbsorbClamps(Graph graph, QuantizeOptions options, HashSet<Tensor> pinned)
    {
        if (options.Precision != Precision.Int8)
            return graph;
        List<Node> nodes = [];
        Dictionary<Tensor, int> producer = [];
        foreach (Node node in graph.Nodes)
        {
            if (ClampOf(node) is { } clamp && node.Input(clamp.Operand) is var x && graph.HasSingleUse(x)
                && producer.TryGetValue(x, out int index)
                && OperatorRules.Find(nodes[index]) is { Kind: RuleKind.Free or RuleKind.Weighted } && nodes[index].Outputs.Length == 1
                && !OperatorTypes.IsInt16(node, options) && !OperatorTypes.IsInt16(nodes[index], options))
            {
                Node before = nodes[index];
                bool fuse = before.Operator.TakesActivation && before.Operator.Activation == FusedActivation.None && !pinned.Contains(x)
                    && clamp.Fused != FusedActivation.None;
                nodes[index] = new Node(fuse ? before.Operator with { Activation = clamp.Fused }
                    : before.Operator, before.Inputs, node.Outputs, before.Source);
                producer[node.Output] = index;
                if (!fuse)
                    pinned.Add(node.Output);
                pinned.Remove(x);
                continue;
            }
            foreach (Tensor output in node.Outputs)
                producer[output] = nodes.Count;
            nodes.Add(node);
        }
        return nodes.Count == graph.Nodes.Length ? graph : graph.With(nodes: [.. nodes]);
    }

    private static (int Operand, FusedActivation Fused)? ClampOf(Node node) => node.Operator switch
    {
        Unary { Kind: UnaryKind.Relu } => (0, FusedActivation.Relu),
        Unary { Kind: UnaryKind.Relu6 } => (0, FusedActivation.Relu6),
        Unary { Kind: UnaryKind.ReluN1To1 } => (0, FusedActivation.ReluN1To1),
        Unary { Kind: UnaryKind.Relu0To1 } => (0, FusedActivation.None),
        // the range always holds 0, so only bounds beyond it can be saturation
        Binary { Kind: BinaryKind.Maximum } when Scalar(node, 1) is <= 0 => (0, FusedActivation.None),
        Binary { Kind: BinaryKind.Minimum } when Scalar(node, 1) is >= 0 => (0, FusedActivation.None),
        _ => null,
    };

    private static float? Scalar(Node node, int index) =>
        node.Inputs[index] is { Data: { Count: 1, Type: ElementType.Float32 } data } ? data.AsSpan<float>()[0] : null;

    private void Rewrite(Node node)
    {
        if (node.Outputs.IsEmpty || node.Output.Type != ElementType.Float32)
            return;
        switch (node.Operator)
        {
            case Unary { Kind: UnaryKind.Square }:
                patch.Replace(node, new Node(new Binary(BinaryKind.Mul), [node.Input(0), node.Input(0)], node.Outputs, node.Source));
                break;
            case Unary { Kind: UnaryKind.Neg }:
                patch.Replace(node, new Node(new Binary(BinaryKind.Mul), [node.Input(0), Constant(node, -1)], node.Outputs, node.Source));
                break;
            case Unary { Kind: UnaryKind.ReluN1To1 }:
                Clip(node, BinaryKind.Maximum, -1, BinaryKind.Minimum, 1);
                break;
            case Unary { Kind: UnaryKind.Relu0To1 }:
                Clip(node, BinaryKind.Maximum, 0, BinaryKind.Minimum, 1);
                break;
            case Unary { Kind: UnaryKind.HardSwish } when IsWide(node):
                HardSwish(node);
                break;
            case PRelu when IsWide(node) && node.Input(1).Data is { } slopes:
                ParametricRelu(node, slopes);
                break;
            case Tile when IsWide(node) && node.Input(1).Data is { } repeats:
                Repeat(node, repeats.ToInt32Array());
                break;
            case Binary { Kind: BinaryKind.SquaredDifference } when IsWide(node):
                Tensor difference =
                    Intermediate(node, "difference", RangeOf(node.Input(0)) is { } a && RangeOf(node.Input(1)) is { } b
                    ? new(a.Min - b.Max, a.Max - b.Min) : null);
                patch.Replace(node,
                    new Node(new Binary(BinaryKind.Sub), node.Inputs, [difference], node.Source),
                    new Node(new Binary(BinaryKind.Mul, node.Operator.Activation), [difference, difference], node.Outputs, node.Source));
                break;
            case Binary { Kind: BinaryKind.Div } when graph.Producer(node.Input(1)) is { Operator: Unary { Kind: UnaryKind.Sqrt } } root
                && known.Smallest(root.Input(0)) is > 0 and var smallest:
                Tensor inverse = new(patch.MakeName($"{root.Output.Name}/inverse"), ElementType.Float32, root.Output.Shape);
                ranges[inverse] = new(0, 1 / MathF.Sqrt(smallest));
                patch.Replace(node,
                    new Node(new Unary(UnaryKind.Rsqrt), [root.Input(0)], [inverse], root.Source),
                    new Node(new Binary(BinaryKind.Mul, node.Operator.Activation), [node.Input(0), inverse], node.Outputs, node.Source));
                if (graph.HasSingleUse(root.Output) && !patch.Touches(root))
                    patch.Remove(root);
                break;
            case Binary { Kind: BinaryKind.Div } when node.Input(1).Data is { } divisor && divisor.ToFloatArray() is var values
                && !values.Contains(0f):
                Tensor reciprocal =
                    new(patch.MakeName($"{node.Input(1).Name}_reciprocal"),
                    TensorData.From<float>(divisor.Shape, Array.ConvertAll(values, v => 1 / v)));
                patch.Replace(node,
                    new Node(new Binary(BinaryKind.Mul, node.Operator.Activation), [node.Input(0), reciprocal], node.Outputs, node.Source));
                break;
            case Binary { Kind: BinaryKind.Div } when options.Precision == Precision.Int8 && !IsWide(node)
                && node.Input(1) is { IsConstant: false } && !node.Input(0).IsConstant && !chains.HaveOneRoot(node.Input(0), node.Input(1)):
                Divide(node);
                break;
            case Pool2D { Kind: PoolKind.Average } pool when options.Precision == Precision.Int8 && !IsWide(node) && IsRescaled(node, pool):
                patch.Replace(node, Averaging(node, pool));
                break;
            case AddN:
                Tensor sum = node.Input(0);
                List<Node> additions = [];
                for (int i = 1; i < node.Inputs.Length; i++)
                {
                    Tensor next = i == node.Inputs.Length - 1 ? node.Output : Intermediate(node, $"sum{i}");
                    additions.Add(new Node(new Binary(BinaryKind.Add), [sum, node.Input(i)], [next], node.Source));
                    sum = next;
                }
                patch.Replace(node, [.. additions]);
                break;
        }
    }

    /// <summary>A quotient as a product with the reciprocal, a function of one value; the divisor before it is repeated.</summary>
    private void Divide(Node node)
    {
        Tensor divisor = node.Input(1);
        Node? repeated = graph.Producer(divisor) is { Operator: BroadcastTo } producer
            && Shape.TryBroadcast(node.Input(0).Shape, producer.Input(0).Shape, out Shape common) && common == node.Output.Shape ? producer
            : null;
        divisor = repeated?.Input(0) ?? divisor;
        Tensor inverse = new(patch.MakeName($"{divisor.Name}/reciprocal"), ElementType.Float32, divisor.Shape);
        (ValueRange Range, bool IsWide)? found = Reciprocals.Find(known, divisor);
        if (found is { } its)
            ranges[inverse] = its.Range;
        Node product = new(new Binary(BinaryKind.Mul, node.Operator.Activation), [node.Input(0), inverse], node.Outputs, node.Source);
        if (found is { IsWide: true })
            wide.Add(product);
        patch.Replace(node, new Node(new Binary(BinaryKind.Div), [Constant(node, 1), divisor], [inverse], node.Source), product);
        if (repeated is not null && graph.HasSingleUse(repeated.Output) && !patch.Touches(repeated))
            patch.Remove(repeated);
    }

    /// <summary>
    /// True for a mean whose operand and result the model stores with scales of their own, which AVERAGE_POOL_2D cannot tell apart.
    /// </summary>
    private bool IsRescaled(Node node, Pool2D pool)
    {
        Shape x = node.Input(0).Shape, y = node.Output.Shape;
        bool inside = pool.Padding == Padding.Valid
            || ((y[1] - 1) * (long)pool.StrideHeight + pool.FilterHeight <= x[1]
            && (y[2] - 1) * (long)pool.StrideWidth + pool.FilterWidth <= x[2]);
        return inside && (long)pool.FilterHeight * pool.FilterWidth * x[3] <= LargestAveraging
            && known.FindTrained(node.Input(0)) is { } from && known.FindTrained(node.Output) is { } to && !from.Equals(to);
    }

    /// <summary>A mean of windows as a depthwise convolution, which rescales its sum.</summary>
    private Node Averaging(Node node, Pool2D pool)
    {
        int channels = node.Input(0).Shape[3], cells = pool.FilterHeight * pool.FilterWidth;
        float[] weights = new float[cells * channels];
        weights.AsSpan().Fill(1f / cells);
        Tensor filter = new(patch.MakeName($"{node.Output.Name}/weights"),
            TensorData.Wrap(ElementType.Float32, [1, pool.FilterHeight, pool.FilterWidth, channels], weights));
        Tensor bias = new(patch.MakeName($"{node.Output.Name}/bias"),
            TensorData.Wrap(ElementType.Float32, [channels], new float[channels]));
        // Of one result any stride is as good.
        (int down, int across) = (node.Output.Shape[1] == 1 ? 1 : pool.StrideHeight, node.Output.Shape[2] == 1 ? 1 : pool.StrideWidth);
        return new Node(new DepthwiseConv2D(Padding.Valid, down, across, 1, 1, 1, pool.Activation), [node.Input(0), filter, bias],
            node.Outputs, node.Source);
    }

    private void Clip(Node node, BinaryKind first, float low, BinaryKind second, float high)
    {
        Tensor middle = Intermediate(node, "low");
        patch.Replace(node,
            new Node(new Binary(first), [node.Input(0), Constant(node, low)], [middle], node.Source),
            new Node(new Binary(second), [middle, Constant(node, high)], node.Outputs, node.Source));
    }

    /// <summary>x · RELU6(x + 3) / 6, for 16 bits, where HARD_SWISH has no kernel.</summary>
    private void HardSwish(Node node)
    {
        Tensor x = node.Input(0), gate = Intermediate(node, "gate", new(0, 6)), scaled = Intermediate(node, "scaled", new(0, 1));
        patch.Replace(node,
            new Node(new Binary(BinaryKind.Add, FusedActivation.Relu6), [x, Constant(node, 3)], [gate], node.Source),
            new Node(new Binary(BinaryKind.Mul), [gate, Constant(node, 1f / 6)], [scaled], node.Source),
            new Node(new Binary(BinaryKind.Mul), [x, scaled], node.Outputs, node.Source));
    }

    /// <summary>
    /// PRELU for 16 bits, where not every runtime has it: the greater of x and its product, as long as no slope is above 1.
    /// </summary>
    private void ParametricRelu(Node node, TensorData slopes)
    {
        Tensor x = node.Input(0);
        if (slopes.ToFloatArray().All(slope => slope is >= -1 and <= 1))
        {
            Tensor scaled = Intermediate(node, "scaled", RangeOf(x)); // one scale for all three
            patch.Replace(node,
                new Node(new Binary(BinaryKind.Mul), [x, node.Input(1)], [scaled], node.Source),
                new Node(new Binary(BinaryKind.Maximum), [x, scaled], node.Outputs, node.Source));
            return;
        }
        ValueRange? all = RangeOf(x), below = all?.Clamp(new(float.NegativeInfinity, 0));
        float steepest = slopes.ToFloatArray().Max(Math.Abs);
        Tensor positive = Intermediate(node, "positive", all?.Clamp(new(0, float.PositiveInfinity))),
            negative = Intermediate(node, "negative", below);
        Tensor product = Intermediate(node, "scaled", below is { Min: var lowest } ? new(lowest * steepest, -lowest * steepest) : null);
        patch.Replace(node,
            new Node(new Unary(UnaryKind.Relu), [x], [positive], node.Source),
            new Node(new Binary(BinaryKind.Minimum), [x, Constant(node, 0)], [negative], node.Source),
            new Node(new Binary(BinaryKind.Mul), [negative, node.Input(1)], [product], node.Source),
            new Node(new Binary(BinaryKind.Add), [positive, product], node.Outputs, node.Source));
    }

    /// <summary>TILE for 16 bits, where not every runtime has it: the tensor joined with itself.</summary>
    private void Repeat(Node node, int[] repeats)
    {
        if (repeats.Any(count => count is < 1 or > 256))
            return;
        int[] axes = [.. Enumerable.Range(0, repeats.Length).Where(axis => repeats[axis] > 1)];
        List<Node> joins = [];
        Tensor x = node.Input(0);
        foreach (int axis in axes)
        {
            Tensor joined = axis == axes[^1] ? node.Output
                : new(patch.MakeName($"{node.Output.Name}/repeated"), ElementType.Float32,
                x.Shape.With(axis, x.Shape[axis] * repeats[axis]));
            if (joined != node.Output && RangeOf(node.Input(0)) is { } range)
                ranges[joined] = range;
            joins.Add(new Node(new Concatenation(axis), [.. Enumerable.Repeat(x, repeats[axis])], [joined], node.Source));
            x = joined;
        }
        if (joins.Count > 0)
            patch.Replace(node, [.. joins]);
    }

    private ValueRange? RangeOf(Tensor tensor) => tensor.Data is { } data ? QuantizationPlan.RangeOf(data)
        : ranges.TryGetValue(tensor, out ValueRange made) ? made : known.Find(tensor, 16);

    private bool IsWide(Node node) => options.Precision == Precision.Int16x8 || OperatorTypes.IsInt16(node, options);

    private Tensor Intermediate(Node node, string what, ValueRange? range = null)
    {
        Tensor tensor = new(patch.MakeName($"{node.Output.Name}/{what}"), ElementType.Float32, node.Output.Shape);
        if (range is { } its)
            ranges[tensor] = its;
        return tensor;
    }

    private Tensor Constant(Node node, float value) => new(patch.MakeName($"{node.Output.Name}/constant"), TensorData.Scalar(value));
}

using EthosU.Graphs;

namespace EthosU.Quantize.Conversion;

/// <summary>The rule of each operator (tflite-kernels 1.3; types of kernels: tflite-format 11.2).</summary>
internal static class OperatorRules
{
    public static OperatorRule Find(Node node)
    {
        bool hasReals = node.Inputs.Any(input => input?.Type == ElementType.Float32)
            || node.Outputs.Any(output => output.Type == ElementType.Float32);
        if (!hasReals)
            return new(RuleKind.Untouched, []);
        OperatorRule rule = Rule(node);
        if (rule.Kind is RuleKind.Weighted
            && !(node.Input(rule.Weights).IsConstant && node.TryInput(rule.Bias) is null or { IsConstant: true }))
            return Float(node, "its weights are computed, not constant");
        if (rule.Kind is RuleKind.Lstm && !HasConstantWeights(node))
            return Float(node, "its weights are not constant, or it has peepholes, a projection or layer normalisation");
        bool mixed = node.Outputs.Any(output => output.Type == ElementType.Float32) && rule.Kind != RuleKind.Float
            && rule.Data.Any(i => node.TryInput(i) is { } t && t.Type != ElementType.Float32);
        return mixed ? Float(node, "it mixes reals and integers") : rule;
    }

    private static OperatorRule Rule(Node node) => node.Operator switch
    {
        Conv2D => new(RuleKind.Weighted, [0]) { Weights = 1, Bias = 2, Axis = 0 },
        DepthwiseConv2D => new(RuleKind.Weighted, [0]) { Weights = 1, Bias = 2, Axis = 3 },
        TransposeConv => new(RuleKind.Weighted, [2]) { Weights = 1, Bias = 3, Axis = 0 },
        FullyConnected => new(RuleKind.Weighted, [0]) { Weights = 1, Bias = 2, Axis = 0 },
        BatchMatMul => new(RuleKind.Free, [0, 1]),
        UnidirectionalSequenceLstm => new(RuleKind.Lstm, [0]),
        Pool2D { Kind: PoolKind.Average or PoolKind.Max } => new(RuleKind.Same, [0]),
        Binary { Kind: BinaryKind.Add or BinaryKind.Sub or BinaryKind.Mul } => new(RuleKind.Free, [0, 1]),
        Binary { Kind: BinaryKind.SquaredDifference } => new(RuleKind.Free, [0, 1], false),
        Binary { Kind: BinaryKind.Maximum or BinaryKind.Minimum } => new(RuleKind.Same, [0, 1]),
        Binary { Kind: BinaryKind.Div } => Float(node, "the 8-bit division is wrong for small quotients"),
        Unary unary => RuleOf(unary, node),
        LeakyRelu => new(RuleKind.Free, [0]),
        PRelu when node.Input(1).IsConstant => new(RuleKind.Free, [0, 1], false),
        Gelu => new(RuleKind.Free, [0], false),
        Softmax => Fixed(Probabilities),
        L2Normalization => Fixed(_ => Quantization.PerTensor(1f / 128, 0), false),
        Reduce { Kind: ReduceKind.Mean or ReduceKind.Sum } => new(RuleKind.Free, [0]),
        Reduce { Kind: ReduceKind.Max or ReduceKind.Min } => new(RuleKind.Same, [0], false),
        ArgReduce => new(RuleKind.Free, [0], false),
        Compare => new(RuleKind.Free, [0, 1], false),
        Select or SelectV2 => new(RuleKind.Same, [1, 2]),
        Concatenation or Pack => new(RuleKind.Same, [.. Enumerable.Range(0, node.Inputs.Length)]),
        Split => new(RuleKind.Same, [1]),
        SplitV or Unpack or Slice or StridedSlice or Reshape or Transpose or Squeeze or ExpandDims or BroadcastTo or Pad =>
            new(RuleKind.Same, [0]),
        ReverseV2 => new(RuleKind.Same, [0]),
        Resize { Kind: ResizeKind.Nearest } => new(RuleKind.Same, [0]),
        Resize or Gather or GatherNd or SpaceToDepth or DepthToSpace or SpaceToBatchNd or BatchToSpaceNd or MirrorPad or TopK or Tile
            => new(RuleKind.Same, [0], false),
        PadV2 => new(RuleKind.Same, [0, 2]),
        Fill => new(RuleKind.Same, [1]),
        ScatterNd => new(RuleKind.Same, [1], false),
        DynamicUpdateSlice => new(RuleKind.Same, [0, 1]),
        _ => Float(node, "it has no kernel for integers"),
    };

    private static OperatorRule RuleOf(Unary unary, Node node) => unary.Kind switch
    {
        UnaryKind.Relu or UnaryKind.Abs => new(RuleKind.Free, [0]),
        // In 16 bits runtimes before 2.15 have no kernel, LiteRT's is up to 15 % off near 0, and the NPU has none that is exact.
        UnaryKind.Rsqrt => new(RuleKind.Free, [0], false) { IsFloatInsteadOfInt16 = true },
        UnaryKind.Elu or UnaryKind.HardSwish => new(RuleKind.Free, [0], false),
        UnaryKind.Relu6 => new(RuleKind.Same, [0]),
        UnaryKind.Logistic => Fixed(Probabilities),
        UnaryKind.Tanh =>
            Fixed(type => type == ElementType.Int16 ? Quantization.PerTensor(1f / 32768, 0) : Quantization.PerTensor(1f / 128, 0)),
        UnaryKind.LogSoftmax => Fixed(_ => Quantization.PerTensor(16f / 256, 127), false),
        _ => Float(node, "it has no kernel for integers"),
    };

    private static Quantization Probabilities(ElementType type) =>
        type == ElementType.Int16 ? Quantization.PerTensor(1f / 32768, 0) : Quantization.PerTensor(1f / 256, -128);

    private static OperatorRule Fixed(Func<ElementType, Quantization> quantization, bool hasInt16 = true) =>
        new(RuleKind.Fixed, [0], hasInt16) { Fixed = quantization };

    /// <summary>The rule of an operator that stays in real numbers.</summary>
    public static OperatorRule Float(Node node, string reason) =>
        new(RuleKind.Float,
        [.. Enumerable.Range(0, node.Inputs.Length).Where(i => node.Inputs[i]?.Type == ElementType.Float32)]) { Reason = reason };

    private static bool HasConstantWeights(Node node) => node.Inputs.Length >= 20
        && Enumerable.Range(1, 8).Concat(Enumerable.Range(12, 4)).All(i => node.TryInput(i) is { IsConstant: true })
        && Enumerable.Range(9, 3).Concat([16, 17]).Concat(Enumerable.Range(20, 4)).All(i => node.TryInput(i) is null);
}

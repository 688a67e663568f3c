using System.Collections.Immutable;
using EthosU.Graphs;

namespace EthosU.Npu.Support;

/// <summary>The operators that the accelerators have a form of, and the rules on each.</summary>
public static class SupportedOperators
{
    // One of each operator; options do not matter.
    private static readonly Operator[] Examples =
    [
        new Conv2D(Padding.Valid, 1, 1), new DepthwiseConv2D(Padding.Valid, 1, 1), new TransposeConv(Padding.Valid, 1, 1),
        new FullyConnected(),
        .. Of([PoolKind.Average, PoolKind.Max], static kind => new Pool2D(kind, Padding.Valid, 1, 1, 1, 1)),
        .. Of([BinaryKind.Add, BinaryKind.Sub, BinaryKind.Mul, BinaryKind.Maximum, BinaryKind.Minimum, BinaryKind.SquaredDifference],
            static kind => new Binary(kind)),
        .. Of(
            [
                UnaryKind.HardSwish, UnaryKind.Exp, UnaryKind.Log, UnaryKind.Rsqrt, UnaryKind.Abs, UnaryKind.Neg, UnaryKind.Relu,
                UnaryKind.Relu6, UnaryKind.ReluN1To1, UnaryKind.Relu0To1, UnaryKind.Logistic, UnaryKind.Tanh, UnaryKind.LogSoftmax,
            ], static kind => new Unary(kind)),
        .. Of(Enum.GetValues<CompareKind>(), static kind => new Compare(kind)), new Select(), new SelectV2(),
        new LeakyRelu(0), new PRelu(), new Gelu(), new Softmax(),
        .. Of([ReduceKind.Mean, ReduceKind.Sum, ReduceKind.Max, ReduceKind.Min], static kind => new Reduce(kind, false)),
        new ArgReduce(ArgKind.Max), new BatchMatMul(),
        new Concatenation(0), new Pack(0), new Split(), new SplitV(), new Unpack(0), new Slice(), new StridedSlice(),
        new Pad(), new PadV2(), new MirrorPad(false), new Reshape(), new Squeeze([]), new ExpandDims(), new Transpose(), new Tile(),
        new BroadcastTo(), new DepthToSpace(2), new SpaceToDepth(2), new ReverseV2(), new Gather(0), new GatherNd(),
        .. Of([ResizeKind.Bilinear, ResizeKind.Nearest], static kind => new Resize(kind)),
        new Quantize(), new UnidirectionalSequenceLstm(false),
    ];

    /// <summary>Names of operators in TensorFlow Lite's spelling, in order, and the rules that each must meet.</summary>
    public static ImmutableArray<(string Operator, ImmutableArray<string> Rules)> All { get; } =
        [.. Examples.Select(static op => (op.Name, Ids(SupportRules.For(op)))).OrderBy(static pair => pair.Name, StringComparer.Ordinal)];

    /// <summary>Rules that every operator must meet.</summary>
    public static ImmutableArray<string> OnEveryOperator => Ids([.. GeneralRules.All, .. ArithmeticRules.All]);

    private static ImmutableArray<string> Ids(ImmutableArray<SupportRule> rules) => [.. rules.Select(static rule => rule.Id).Distinct()];

    private static IEnumerable<Operator> Of<T>(T[] kinds, Func<T, Operator> make) => kinds.Select(make);
}

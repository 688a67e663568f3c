using System.Collections.Immutable;
using EthosU.Graphs;

namespace EthosU.Npu.Support;

/// <summary>The rules of each operator (npu-operators 1).</summary>
internal static class SupportRules
{
    /// <summary>The rules of an operator beside the general ones; default if the accelerator has no form of it.</summary>
    public static ImmutableArray<SupportRule> For(Operator op) => op switch
    {
        Conv2D => ConvolutionRules.Convolution,
        DepthwiseConv2D => ConvolutionRules.Depthwise,
        TransposeConv => ConvolutionRules.Transposed,
        FullyConnected => ConvolutionRules.Linear,
        Pool2D { Kind: PoolKind.Average or PoolKind.Max } => PoolingRules.All,
        Binary { Kind: BinaryKind.Add or BinaryKind.Sub or BinaryKind.Mul } => ElementwiseRules.Arithmetic,
        Binary { Kind: BinaryKind.Maximum or BinaryKind.Minimum } => ElementwiseRules.MinMax,
        Binary { Kind: BinaryKind.SquaredDifference } => ElementwiseRules.SquaredDifference,
        Unary { Kind: UnaryKind.HardSwish } => ElementwiseRules.HardSwish,
        Unary { Kind: UnaryKind.Exp or UnaryKind.Log or UnaryKind.Rsqrt } => ElementwiseRules.Table,
        Unary { Kind: UnaryKind.Abs or UnaryKind.Neg or UnaryKind.Relu or UnaryKind.Relu6 or UnaryKind.ReluN1To1 or UnaryKind.Relu0To1
            or UnaryKind.Logistic or UnaryKind.Tanh } => ElementwiseRules.Activation,
        Unary { Kind: UnaryKind.LogSoftmax } => ReductionRules.LogSoftmax,
        Compare => ElementwiseRules.Comparison,
        Select or SelectV2 => ElementwiseRules.Choice,
        LeakyRelu or PRelu => ElementwiseRules.Activation,
        Gelu => ElementwiseRules.Gelu,
        Softmax => ReductionRules.Softmax,
        Reduce { Kind: ReduceKind.Mean } => ReductionRules.Mean,
        Reduce { Kind: ReduceKind.Sum } => ReductionRules.Sum,
        Reduce { Kind: ReduceKind.Max or ReduceKind.Min } => ReductionRules.Extreme,
        ArgReduce { Kind: ArgKind.Max } => ReductionRules.ArgMax,
        BatchMatMul => ReductionRules.MatrixProduct,
        Concatenation or Pack => MovementRules.Concatenation,
        Split or SplitV or Unpack => MovementRules.Split,
        Slice => MovementRules.Slice,
        StridedSlice => MovementRules.StridedSlice,
        Pad or PadV2 => MovementRules.Pad,
        MirrorPad => MovementRules.MirrorPad,
        Reshape or Squeeze or ExpandDims => MovementRules.View,
        Transpose => MovementRules.Transpose,
        Tile or BroadcastTo => MovementRules.Tile,
        DepthToSpace or SpaceToDepth => MovementRules.Blocks,
        ReverseV2 => MovementRules.Reverse,
        Gather or GatherNd => MovementRules.Gather,
        Resize => ResizeRules.All,
        Quantize => QuantizeRules.All,
        UnidirectionalSequenceLstm => RecurrentRules.Lstm,
        _ => default,
    };

    /// <summary>All rules on whether the accelerator runs an operator, without repetition.</summary>
    public static IEnumerable<SupportRule> All =>
    [
        .. GeneralRules.All,
        .. ConvolutionRules.Convolution, .. ConvolutionRules.Depthwise, .. ConvolutionRules.Transposed, .. ConvolutionRules.Linear,
        .. PoolingRules.All,
        .. ElementwiseRules.Arithmetic, .. ElementwiseRules.MinMax, .. ElementwiseRules.SquaredDifference,
        .. ElementwiseRules.HardSwish, .. ElementwiseRules.Table, .. ElementwiseRules.Activation, .. ElementwiseRules.Gelu,
        .. ReductionRules.Softmax, .. ReductionRules.LogSoftmax, .. ReductionRules.Mean, .. ReductionRules.Sum, .. ReductionRules.Extreme,
        .. ReductionRules.ArgMax, .. ReductionRules.MatrixProduct,
        .. MovementRules.Concatenation, .. MovementRules.Split, .. MovementRules.Slice, .. MovementRules.StridedSlice, .. MovementRules.Pad,
        .. MovementRules.MirrorPad, .. MovementRules.View, .. MovementRules.Transpose, .. MovementRules.Tile,
        .. MovementRules.Reverse, .. MovementRules.Gather, .. ResizeRules.All, .. QuantizeRules.All, .. RecurrentRules.Lstm,
        .. ArithmeticRules.All,
    ];
}

using EthosU.Graphs;

namespace EthosU.Interpreter.Float;

/// <summary>Kernels for real, integer (unquantized) and bool tensors.</summary>
internal static class FloatKernels
{
    public static Func<KernelCall, TensorData[]>? Find(Node node)
    {
        ElementType x = node.TryInput(0)?.Type ?? node.Output.Type;
        bool single = node.Inputs.All(input => input?.Type is null or ElementType.Float32 or ElementType.Int32) && node.Output.Type == ElementType.Float32;
        return node.Operator switch
        {
            Conv2D or DepthwiseConv2D or TransposeConv when single => WindowKernels.Convolution,
            Pool2D when single => WindowKernels.Pool,
            FullyConnected when single => MatrixKernels.FullyConnected,
            BatchMatMul when single => MatrixKernels.BatchMatMul,
            Binary op when op.Kind is BinaryKind.LogicalAnd or BinaryKind.LogicalOr == (x == ElementType.Bool) => ElementwiseKernels.Binary,
            Compare => ElementwiseKernels.Compare,
            Unary { Kind: UnaryKind.LogicalNot } when x == ElementType.Bool => ElementwiseKernels.Not,
            Unary { Kind: UnaryKind.LogSoftmax } when single => ActivationKernels.LogSoftmax,
            Unary op when single || (x == ElementType.Int32 && ElementwiseKernels.TakesIntegers(op.Kind)) => ElementwiseKernels.Unary,
            LeakyRelu or PRelu or Gelu when single => ElementwiseKernels.Parametric,
            AddN when single => ElementwiseKernels.AddN,
            FakeQuant when single => ElementwiseKernels.FakeQuant,
            Softmax when single => ActivationKernels.Softmax,
            L2Normalization when single => ActivationKernels.L2Normalization,
            LocalResponseNormalization when single => ActivationKernels.LocalResponseNormalization,
            Reduce => ReductionKernels.Reduce,
            ArgReduce => ReductionKernels.ArgReduce,
            CumSum => ReductionKernels.CumSum,
            TopK when single => ReductionKernels.TopK,
            Resize { Kind: ResizeKind.Bilinear } when single => WindowKernels.BilinearResize,
            Cast => ElementwiseKernels.Cast,
            OneHot => ReductionKernels.OneHot,
            NumberRange => ReductionKernels.Range,
            UnidirectionalSequenceLstm when single => RecurrentKernels.Lstm,
            _ => null,
        };
    }

    /// <summary>Applies a fused activation.</summary>
    public static float Clamp(float value, FusedActivation activation) => activation switch
    {
        FusedActivation.None => value,
        FusedActivation.Relu => Math.Max(value, 0),
        FusedActivation.Relu6 => Math.Clamp(value, 0, 6),
        FusedActivation.ReluN1To1 => Math.Clamp(value, -1, 1),
        FusedActivation.Tanh => MathF.Tanh(value),
        _ => throw new InvalidOperationException($"activation {activation} has no kernel"),
    };
}

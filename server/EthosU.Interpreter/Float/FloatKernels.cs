using EthosU.Arithmetic;
using EthosU.Graphs;

namespace EthosU.Interpreter.Float;

/// <summary>Kernels for real, integer (unquantized) and bool tensors.</summary>
internal static class FloatKernels
{
    /// <summary>The prepared kernel of an operator that runs often; null for the others.</summary>
    /// <exception cref="KernelRefusedException">Shapes do not suit the operator.</exception>
    public static PreparedKernel? Prepare(NodeFacts facts)
    {
        Node node = facts.Node;
        ElementType x = node.TryInput(0)?.Type ?? node.Output.Type;
        bool single = IsSingle(node);
        return node.Operator switch
        {
            Conv2D when single => WindowKernels.Dense(facts),
            DepthwiseConv2D when single => WindowKernels.Depthwise(facts),
            TransposeConv when single => WindowKernels.Transposed(facts),
            Pool2D when single => WindowKernels.Pool(facts),
            Resize { Kind: ResizeKind.Bilinear } when single => WindowKernels.BilinearResize(facts),
            FullyConnected when single => MatrixKernels.FullyConnected(facts),
            BatchMatMul when single => MatrixKernels.BatchMatMul(facts),
            Binary op when op.Kind is BinaryKind.LogicalAnd or BinaryKind.LogicalOr == (x == ElementType.Bool) =>
                ElementwiseKernels.Binary(facts),
            Compare => ElementwiseKernels.Compare(facts),
            Unary { Kind: UnaryKind.LogicalNot } => null,
            Unary { Kind: UnaryKind.LogSoftmax } when single => ActivationKernels.LogSoftmax(facts),
            Unary op when single || (x == ElementType.Int32 && ElementwiseKernels.TakesIntegers(op.Kind)) =>
                ElementwiseKernels.Unary(facts),
            LeakyRelu or PRelu or Gelu when single => ElementwiseKernels.Parametric(facts),
            Softmax when single => ActivationKernels.Softmax(facts),
            L2Normalization when single => ActivationKernels.L2Normalization(facts),
            LocalResponseNormalization when single => ActivationKernels.LocalResponseNormalization(facts),
            Reduce when single && node.TryInput(1) is { IsConstant: true } => ReductionKernels.Prepare(facts),
            _ => null,
        };
    }

    /// <summary>The kernel of an operator that runs seldom; it makes its own results.</summary>
    public static Func<KernelCall, TensorData[]>? Find(Node node)
    {
        ElementType x = node.TryInput(0)?.Type ?? node.Output.Type;
        bool single = IsSingle(node);
        return node.Operator switch
        {
            Unary { Kind: UnaryKind.LogicalNot } when x == ElementType.Bool => ElementwiseKernels.Not,
            AddN when single => ElementwiseKernels.AddN,
            FakeQuant when single => ElementwiseKernels.FakeQuant,
            Reduce => ReductionKernels.Reduce,
            ArgReduce => ReductionKernels.ArgReduce,
            CumSum => ReductionKernels.CumSum,
            TopK when single => ReductionKernels.TopK,
            Cast => ElementwiseKernels.Cast,
            OneHot => ReductionKernels.OneHot,
            NumberRange => ReductionKernels.Range,
            UnidirectionalSequenceLstm when single => RecurrentKernels.Lstm,
            _ => null,
        };
    }

    private static bool IsSingle(Node node) =>
        node.Inputs.All(input => input?.Type is null or ElementType.Float32 or ElementType.Int32)
        && node.Output.Type == ElementType.Float32;

    /// <summary>Applies a fused activation.</summary>
    public static float Clamp(float value, FusedActivation activation) => activation switch
    {
        FusedActivation.None => value,
        FusedActivation.Relu => Math.Max(value, 0),
        FusedActivation.Relu6 => Math.Clamp(value, 0, 6),
        FusedActivation.ReluN1To1 => Math.Clamp(value, -1, 1),
        FusedActivation.Tanh => Elementary.Tanh(value),
        _ => throw new InvalidOperationException($"activation {activation} has no kernel"),
    };
}

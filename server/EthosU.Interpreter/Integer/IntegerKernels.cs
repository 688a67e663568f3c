using EthosU.Graphs;

namespace EthosU.Interpreter.Integer;

/// <summary>Kernels for quantized tensors (tflite-kernels 3).</summary>
internal static class IntegerKernels
{
    /// <summary>The prepared kernel; null if the node is not of quantized tensors, or its operator moves elements only.</summary>
    /// <exception cref="KernelRefusedException">Its quantization or options do not suit the operator.</exception>
    public static PreparedKernel? Prepare(NodeFacts facts)
    {
        switch (facts.Operator)
        {
            case Quantize:
                return QuantizeKernels.Quantize(facts);
            case Dequantize:
                return QuantizeKernels.Dequantize(facts);
            case TransposeConv when facts.Input(2).Type is ElementType.Int8 or ElementType.Int16:
                return TransposeConvKernels.Prepare(facts);
            case EmbeddingLookup when facts.Input(1).Type == ElementType.Int8 && facts.Output.Type == ElementType.Float32:
                return QuantizeKernels.EmbeddingLookup(facts);
        }
        if (facts.TryInput(0)?.Type is not (ElementType.Int8 or ElementType.Int16))
            return null;
        return facts.Operator switch
        {
            Conv2D => ConvolutionKernels.Prepare(facts),
            DepthwiseConv2D => DepthwiseKernels.Prepare(facts),
            FullyConnected => FullyConnectedKernels.Prepare(facts),
            BatchMatMul => BatchMatMulKernels.Prepare(facts),
            Pool2D => PoolKernels.Prepare(facts),
            Binary or Compare or PRelu => BinaryKernels.Prepare(facts),
            AddN or CumSum => SumKernels.Prepare(facts),
            Unary { Kind: UnaryKind.LogSoftmax } or Softmax => SoftmaxKernels.Prepare(facts),
            Unary or LeakyRelu or Gelu => UnaryKernels.Prepare(facts),
            L2Normalization => NormalizationKernels.Prepare(facts),
            Reduce or ArgReduce => ReductionKernels.Prepare(facts),
            Resize { Kind: ResizeKind.Bilinear } => ResizeKernels.Prepare(facts),
            UnidirectionalSequenceLstm => LstmKernels.Prepare(facts),
            Svdf => SvdfKernels.Prepare(facts),
            TopK => TopKKernels.Prepare(facts),
            _ => null,
        };
    }
}

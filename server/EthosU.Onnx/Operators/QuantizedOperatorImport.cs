using EthosU.Graphs;

namespace EthosU.Onnx.Operators;

/// <summary>
/// Operators on quantized tensors, imported as the same operators on the reals that those stand for; the result's scale is
/// remembered (see <see cref="QuantizationImport"/>).
/// </summary>
internal static class QuantizedOperatorImport
{
    public static IEnumerable<(string, Action<ImportContext>)> Operators =>
    [
        ("QLinearConv", Convolution), ("QLinearMatMul", Product), ("QGemm", Gemm), ("ConvInteger", IntegerConvolution), ("MatMulInteger", IntegerProduct),
        ("QLinearAdd", c => Pairwise(c, BinaryKind.Add)), ("QLinearMul", c => Pairwise(c, BinaryKind.Mul)), ("QLinearConcat", Concat),
        ("QLinearSigmoid", c => OfOne(c, x => c.Unary(UnaryKind.Logistic, x))),
        ("QLinearLeakyRelu", c => OfOne(c, x => c.Emit(new LeakyRelu(c.Node.Float("alpha", 0.01f)), x))),
        ("QLinearGlobalAveragePool", c => OfOne(c, x => AveragePool(c, x))),
    ];

    /// <summary>The reals of the operand at an index, whose scale and zero point follow it.</summary>
    private static Tensor Operand(ImportContext c, int index, int axis = 0) => QuantizationImport.Real(c, c.Input(index), c.Input(index + 1), c.TryInput(index + 2), axis);

    /// <summary>Stores a result whose scale and zero point are the operands at an index.</summary>
    private static void Result(ImportContext c, Tensor y, int index) =>
        QuantizationImport.Store(c, 0, y, c.Input(index), c.TryInput(index + 1), c.TryInput(index + 1)?.Type ?? ElementType.UInt8, 1);

    private static void Convolution(ImportContext c)
    {
        Tensor x = Operand(c, 0), w = Operand(c, 3);
        Result(c, ConvolutionImport.Convolve(c, x, w, c.HasInput(8) ? Bias(c, 8) : null), 6);
    }

    /// <summary>An int32 bias, whose scale is the product of those of input and weights.</summary>
    private static Tensor Bias(ImportContext c, int index)
    {
        Tensor stored = c.Input(index);
        return stored.Type == ElementType.Float32 ? stored : c.Mul(c.Cast(stored, ElementType.Float32), c.Mul(c.Reshape(c.Input(1), Shape.Scalar), Flat(c, c.Input(4))));
    }

    private static Tensor Flat(ImportContext c, Tensor scales) => c.Reshape(scales, scales.Shape.ElementCount == 1 ? Shape.Scalar : [checked((int)scales.Shape.ElementCount)]);

    private static void Product(ImportContext c) => Result(c, MatrixImport.Product(c, Operand(c, 0, -2), Operand(c, 3, -1)), 6);

    private static void Gemm(ImportContext c)
    {
        bool transposed = c.Node.Int("transB", 0) != 0;
        Tensor? bias = c.HasInput(6) ? Bias(c, 6) : null;
        Tensor y = MatrixImport.General(c, Operand(c, 0), Operand(c, 3, transposed ? 0 : 1), bias);
        if (c.HasInput(7))
            Result(c, y, 7);
        else
            c.Output(0, y);
    }

    private static void Pairwise(ImportContext c, BinaryKind kind) => Result(c, c.Binary(kind, Operand(c, 0), Operand(c, 3)), 6);

    private static void OfOne(ImportContext c, Func<Tensor, Tensor> apply) => Result(c, apply(Operand(c, 0)), 3);

    private static Tensor AveragePool(ImportContext c, Tensor x)
    {
        bool last = c.Node.Int("channels_last", 0) != 0;
        return c.Reduce(ReduceKind.Mean, x, [.. Enumerable.Range(last ? 1 : 2, x.Shape.Rank - 2)], true);
    }

    private static void Concat(ImportContext c)
    {
        List<Tensor> parts = [];
        for (int i = 2; i < c.InputCount; i += 3)
            parts.Add(Operand(c, i));
        if (parts.Count == 0)
            throw ImportContext.Unsupported("It has nothing to join.", "Check the exported model.");
        Result(c, c.Concat(parts[0].Shape.NormalizeAxis(c.Node.Int("axis", 0)), parts), 0);
    }

    private static void IntegerConvolution(ImportContext c)
    {
        Tensor y = ConvolutionImport.Convolve(c, Shifted(c, 0, 2, 1), Shifted(c, 1, 3, 0), null);
        c.Output(0, c.Input(0).Type == ElementType.Float32 ? y : c.Cast(y, ElementType.Int32));
    }

    private static void IntegerProduct(ImportContext c)
    {
        Tensor y = MatrixImport.Product(c, Shifted(c, 0, 2, -2), Shifted(c, 1, 3, -1));
        c.Output(0, c.Input(0).Type == ElementType.Float32 ? y : c.Cast(y, ElementType.Int32));
    }

    /// <summary>Integers less their zero point, as reals; a tensor that stands for reals as it is.</summary>
    private static Tensor Shifted(ImportContext c, int index, int zero, int axis) =>
        QuantizationImport.Real(c, c.Input(index), c.Scalar(1f), c.TryInput(zero) is { } point && point.Shape.ElementCount == 1 ? c.Reshape(point, Shape.Scalar) : PerSlice(c, zero), axis);

    private static Tensor? PerSlice(ImportContext c, int zero) => c.TryInput(zero) is null ? null
        : throw ImportContext.Unsupported("A zero point for each row or channel cannot be expressed.", "Quantize per tensor, or export the float model.");
}

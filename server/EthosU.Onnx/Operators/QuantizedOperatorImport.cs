using EthosU.Graphs;
using EthosU.Import;
using EthosU.Import.Formulas;

namespace EthosU.Onnx.Operators;

/// <summary>
/// Operators on quantized tensors, imported as the same operators on the reals that those stand for; the result is clamped to what its
/// integers hold, and its scale is remembered (see <see cref="QuantizationImport"/>).
/// </summary>
internal static class QuantizedOperatorImport
{
    public static IEnumerable<(string, Action<ImportContext>)> Operators =>
    [
        ("QLinearConv", Convolution), ("QLinearMatMul", Product), ("QGemm", Gemm), ("ConvInteger", IntegerConvolution),
        ("MatMulInteger", IntegerProduct),
        ("MatMulIntegerToFloat", RealProduct), ("DynamicQuantizeMatMul", DynamicProduct),
        ("QLinearAdd", c => Pairwise(c, BinaryKind.Add)), ("QLinearMul", c => Pairwise(c, BinaryKind.Mul)), ("QLinearConcat", Concat),
        ("QLinearSigmoid", c => OfOne(c, x => c.Unary(UnaryKind.Logistic, x))),
        ("QLinearLeakyRelu", c => OfOne(c, x => c.Emit(new LeakyRelu(c.Node.Float("alpha", 0.01f)), x))),
        ("QLinearGlobalAveragePool", c => OfOne(c, x => GlobalAverage(c, x))),
        ("QLinearAveragePool", c => OfOne(c, x => ChannelsAnywhere(c, x, PoolImport.AverageOf))),
        ("QLinearSoftmax", c => OfOne(c, x => ActivationImport.RowsOf(c, x, new Softmax(1), new(c.Node.Int("opset", 13))))),
        ("QLinearReduceMean", c => OfOne(c, x => ReductionImport.MeanOf(c, x, c.Node.Ints("axes")))), ("QLinearWhere", Where),
        ("NhwcMaxPool", c => c.Output(0, ChannelsLast(c, c.Input(0), PoolImport.MaximumOf))),
    ];

    /// <summary>The reals of the operand at an index, whose scale and zero point follow it.</summary>
    private static Tensor Operand(ImportContext c, int index, int axis = 0) =>
        QuantizationImport.Real(c, index, QuantizationImport.Form(c, index + 1, index + 2, axis));

    /// <summary>Stores a result whose scale and zero point are the operands at an index.</summary>
    private static void Result(ImportContext c, Tensor y, int index) =>
        QuantizationImport.Store(c, 0, y, QuantizationImport.Form(c, index, index + 1));

    private static void Convolution(ImportContext c)
    {
        Tensor w = Operand(c, 3);
        Tensor? bias = c.HasInput(8) ? Bias(c, 8, 1) : null;
        Result(c, ChannelsAnywhere(c, Operand(c, 0), (_, x) => ConvolutionImport.Convolve(c, x, w, bias)), 6);
    }

    /// <summary>An int32 bias, whose scale is the product of those of input and weights, and of a factor.</summary>
    private static Tensor Bias(ImportContext c, int index, float factor)
    {
        Tensor stored = c.Input(index);
        if (stored.Type == ElementType.Float32)
            return stored;
        Tensor scale = c.Mul(c.Reshape(c.Input(1), Shape.Scalar), Flat(c, c.Input(4)));
        return c.Mul(c.Cast(stored, ElementType.Float32), factor == 1 ? scale : c.Mul(scale, c.Scalar(factor)));
    }

    private static Tensor Flat(ImportContext c, Tensor scales) =>
        c.Reshape(scales, scales.Shape.ElementCount == 1 ? Shape.Scalar : [checked((int)scales.Shape.ElementCount)]);

    private static void Product(ImportContext c) => Result(c, MatrixProduct.Of(c, Operand(c, 0, -2), Operand(c, 3, -1)), 6);

    private static void Gemm(ImportContext c)
    {
        bool transposed = c.Node.Int("transB", 0) != 0;
        Tensor? bias = c.HasInput(6) ? Bias(c, 6, c.Node.Float("alpha", 1)) : null;
        Tensor y = MatrixImport.General(c, Operand(c, 0), Operand(c, 3, transposed ? 0 : 1), bias);
        if (c.HasInput(7))
            Result(c, y, 7);
        else
            c.Output(0, y);
    }

    private static void Pairwise(ImportContext c, BinaryKind kind) => Result(c, c.Binary(kind, Operand(c, 0), Operand(c, 3)), 6);

    private static void OfOne(ImportContext c, Func<Tensor, Tensor> apply) => Result(c, apply(Operand(c, 0)), 3);

    private static void Where(ImportContext c) =>
        Result(c, c.Emit(new SelectV2(), c.Cast(c.Input(0), ElementType.Bool), Operand(c, 1), Operand(c, 4)), 7);

    private static Tensor GlobalAverage(ImportContext c, Tensor x)
    {
        bool last = c.Node.Int("channels_last", 0) != 0;
        return c.Reduce(ReduceKind.Mean, x, [.. Enumerable.Range(last ? 1 : 2, x.Shape.Rank - 2)], true);
    }

    /// <summary>Applies an importer of operators with channels first to an image that the node says has them last.</summary>
    private static Tensor ChannelsAnywhere(ImportContext c, Tensor x, Func<ImportContext, Tensor, Tensor> apply) =>
        c.Node.Int("channels_last", 0) != 0 ? ChannelsLast(c, x, apply) : apply(c, x);

    private static Tensor ChannelsLast(ImportContext c, Tensor x, Func<ImportContext, Tensor, Tensor> apply) =>
        c.ChannelsLast(apply(c, c.ChannelsFirst(x)));

    private static void Concat(ImportContext c)
    {
        List<Tensor> parts = [];
        for (int i = 2; i < c.InputCount; i += 3)
            parts.Add(Operand(c, i));
        if (parts.Count == 0)
            throw new UnsupportedOperatorException("It has nothing to join.", "Check the exported model.");
        Result(c, c.Concat(parts[0].Shape.NormalizeAxis(c.Node.Int("axis", 0)), parts), 0);
    }

    private static void IntegerConvolution(ImportContext c)
    {
        Tensor y = ConvolutionImport.Convolve(c, Shifted(c, 0, 2, 1), Shifted(c, 1, 3, 0), null);
        c.Output(0, c.Input(0).Type == ElementType.Float32 ? y : c.Cast(y, ElementType.Int32));
    }

    private static void IntegerProduct(ImportContext c)
    {
        Tensor y = MatrixProduct.Of(c, Shifted(c, 0, 2, -2), Shifted(c, 1, 3, -1));
        c.Output(0, c.Input(0).Type == ElementType.Float32 ? y : c.Cast(y, ElementType.Int32));
    }

    /// <summary>A product of integers, given as reals.</summary>
    private static void RealProduct(ImportContext c)
    {
        Tensor a = QuantizationImport.Real(c, 0, QuantizationImport.Form(c, 2, 4, -2)),
            b = QuantizationImport.Real(c, 1, QuantizationImport.Form(c, 3, 5, -1));
        WithBias(c, MatrixProduct.Of(c, a, b), 6);
    }

    /// <summary>
    /// A product whose first operand is quantized at run time: here it stays real and is quantized with a fixed scale later.
    /// </summary>
    private static void DynamicProduct(ImportContext c) =>
        WithBias(c, MatrixProduct.Of(c, c.Input(0), QuantizationImport.Real(c, 1, QuantizationImport.Form(c, 2, 3, -1))), 4);

    private static void WithBias(ImportContext c, Tensor y, int bias) => c.Output(0, c.TryInput(bias) is { } b ? c.Add(y, b) : y);

    /// <summary>Integers less their zero points, as reals.</summary>
    private static Tensor Shifted(ImportContext c, int index, int zero, int axis)
    {
        Tensor? point = c.TryInput(zero);
        if (point is { Shape.ElementCount: > 1, IsConstant: false } || (point is { Shape.ElementCount: > 1 } && !c.Input(index).IsConstant))
            throw new UnsupportedOperatorException("A zero point for each row of computed values cannot be expressed.",
                "Quantize per tensor, or export the float model.");
        int count = point is null ? 1 : c.Listed(point.Shape.ElementCount);
        Tensor ones = count == 1 ? c.Scalar(1f) : c.Constant(TensorData.From<float>([count], [.. Enumerable.Repeat(1f, count)]));
        return QuantizationImport
            .Real(c, index, QuantizationImport.FormOf(ones,
                point is null ? null : c.Reshape(point, count == 1 ? Shape.Scalar : [count]), 0, axis));
    }
}

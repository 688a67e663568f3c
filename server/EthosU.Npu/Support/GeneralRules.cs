using System.Collections.Immutable;
using EthosU.Graphs;

namespace EthosU.Npu.Support;

/// <summary>Rules on the tensors of any operator (npu-operators 1.3).</summary>
internal static class GeneralRules
{
    private const int MaxAxis = 65536;
    private const string ScaleRule = "npu-gen-quant-scale",
        ScaleAdvice = "Calibrate with real data; a tensor that is always zero, infinite or NaN gives no usable scale.";
    private const double LargestRatio = 1L << 31;

    public static ImmutableArray<SupportRule> All { get; } =
    [
        new("npu-gen-type", n => Type(n, ofFloat: true),
            "Quantize the whole model to int8 or int16.") { AdviceFor = OperatorAdvice.InFloat },
        new("npu-gen-type", n => Type(n, ofFloat: false), "Make index and mask arithmetic constant, or leave it to the application."),
        new("npu-gen-int32", Int32,
            "This is usually index arithmetic: compute it outside the model, or make it constant so that it is folded."),
        new("npu-gen-quant", Quantized, "Quantize the whole model; look for operators left in floating point."),
        new(ScaleRule, Scale, ScaleAdvice),
        new(ScaleRule, FactorRules.SigmoidInput, ScaleAdvice),
        FactorRules.Range,
        new("npu-gen-per-axis", PerAxis, "Only weights can have a scale per channel; use per-tensor quantization for activations."),
        new("npu-gen-zero-range", ZeroOutside, "Quantize the model again: a zero point is a stored value, so it lies within the type."),
        new("npu-gen-zero-point", ZeroPoint, "Use symmetric quantization (zero point 0) for 16-bit and 32-bit tensors."),
        new("npu-gen-dim", Dimension, "Split the tensor, or reduce it earlier by pooling or a stride."),
        new("npu-gen-size",
            (node, target) => Operands.All(node).FirstOrDefault(t => !Fits(t, target.Accelerator.AddressLimit)) is { } tensor
            ? $"'{tensor.Name}' {tensor.Shape} is larger than the memory that {target.Accelerator.Name} can address." : null,
            "Make the tensor smaller: a lower resolution, fewer channels, or several models."),
        new("npu-gen-fused-act", FusedActivation, "Use ReLU, ReLU6, Hardtanh(-1, 1) or Tanh, or a separate activation layer."),
        new("npu-gen-asym-weights", AsymmetricWeights,
            "Use symmetric weight quantization, the default of PyTorch's and TensorFlow Lite's tools."),
    ];

    private static string? Type(Node node, bool ofFloat)
    {
        foreach (Tensor tensor in Operands.All(node))
            if (tensor.Type.IsFloat() == ofFloat
                && tensor.Type is not (ElementType.UInt8 or ElementType.Int8 or ElementType.Int16 or ElementType.Int32)
                && !(node.Operator is ArgReduce && tensor.Type == ElementType.Int64))
                return $"'{tensor.Name}' is {tensor.Type.DisplayName()}; the NPU computes with 8-, 16- and 32-bit integers.";
        return null;
    }

    private static string? Int32(Node node)
    {
        bool allowed = node.Operator is ArgReduce or Transpose or MirrorPad or BatchMatMul or FullyConnected or Reshape or Squeeze
            or ExpandDims or Quantize;
        return !allowed && Operands.All(node).FirstOrDefault(t => t.Type == ElementType.Int32) is { } tensor
            ? $"'{tensor.Name}' is int32, which the NPU cannot use in {node.Operator.Name}."
            : null;
    }

    private static string? Quantized(Node node)
    {
        if (node.Operator is ArgReduce or ExpandDims or MirrorPad or Pad or PadV2 or Transpose or Reshape or Squeeze)
            return null;
        foreach (Tensor tensor in Operands.Quantized(node))
            if (tensor.Quantization is null && (tensor.Type != ElementType.Int32 || NeedsScales(node.Operator)))
                return $"'{tensor.Name}' is not quantized.";
        return null;
    }

    /// <summary>True for operators that scale their result, also where it is of 32 bits.</summary>
    private static bool NeedsScales(Operator op) =>
        op is Conv2D or DepthwiseConv2D or TransposeConv or FullyConnected or BatchMatMul or Reduce or Quantize;

    private static string? Scale(Node node)
    {
        Tensor? weights = Operands.Weights(node);
        foreach (Tensor tensor in Operands.Quantized(node))
            foreach (float scale in tensor.Quantization?.Scales ?? [])
                // A channel that is always zero has no scale worth the name; its factor is as good as 0, in TensorFlow Lite too.
                if (!float.IsFinite(scale) || !(tensor == weights ? scale >= 0 : scale > 0 && float.IsNormal(scale)))
                    return FormattableString.Invariant($"'{tensor.Name}' has the scale {scale}.");
        foreach (Tensor output in node.Outputs)
            foreach (Tensor input in Operands.Data(node))
                if (input.Quantization is { } from && output.Quantization is { } to
                    && from.Scales.Max() / (double)to.Scales.Min() >= LargestRatio)
                    return FormattableString
                        .Invariant($"'{input.Name}' has the scale {from.Scales.Max()}, '{output.Name}' {to.Scales.Min()}: there is no multiplier for so large a quotient.");
        return null;
    }

    private static string? PerAxis(Node node) =>
        Operands.All(node).FirstOrDefault(t => t.Quantization is { IsPerAxis: true }) is { } tensor
            ? $"'{tensor.Name}' is quantized per channel." : null;

    private static string? ZeroOutside(Node node)
    {
        foreach (Tensor tensor in Operands.Quantized(node))
        {
            if (tensor.Quantization is not { } quantization || !tensor.Type.IsQuantizable())
                continue;
            (int min, int max) = tensor.Type.IntegerRange();
            foreach (long zero in quantization.ZeroPoints)
                if (zero < min || zero > max)
                    return $"'{tensor.Name}' is {tensor.Type.DisplayName()} with the zero point {zero}, outside {min} to {max}.";
        }
        return null;
    }

    private static string? ZeroPoint(Node node)
    {
        if (node.Operator is Pool2D { Kind: PoolKind.Average } or Resize or UnidirectionalSequenceLstm)
            return null;
        // With another zero point its 16-bit table gives other bytes than the kernel.
        bool symmetric = node.Operator is Unary { Kind: UnaryKind.Exp };
        foreach (Tensor tensor in Operands.All(node))
            if (tensor.Quantization is { } quantization
                && (tensor.Type == ElementType.Int32 || (symmetric && tensor.Type == ElementType.Int16) ? quantization.ZeroPoints[0] != 0
                : tensor.Type == ElementType.UInt8 && quantization.ZeroPoints[0] < 0))
                return $"'{tensor.Name}' is {tensor.Type.DisplayName()} with the zero point {quantization.ZeroPoints[0]}.";
        return null;
    }

    private static string? Dimension(Node node)
    {
        foreach (Tensor tensor in Operands.All(node))
            for (int axis = 0; axis < tensor.Shape.Rank; axis++)
                if (tensor.Shape[axis] is < 1 or > MaxAxis)
                    return $"Axis {axis} of '{tensor.Name}' {tensor.Shape} has size {tensor.Shape[axis]}; the NPU does 1 to {MaxAxis}.";
        return null;
    }

    private static bool Fits(Tensor tensor, long limit)
    {
        long bytes = tensor.Type.ByteSize();
        foreach (int size in tensor.Shape)
        {
            bytes *= size;
            if (bytes > limit)
                return false;
        }
        return true;
    }

    private static string? FusedActivation(Node node)
    {
        FusedActivation activation = node.Operator.Activation;
        if (activation == Graphs.FusedActivation.None)
            return null;
        return activation == Graphs.FusedActivation.SignBit ? $"The fused activation {activation} is unknown to the NPU."
            : node.Output.Type == ElementType.Int32 ? $"The fused activation {activation} is on a 32-bit result."
            : null;
    }

    private static string? AsymmetricWeights(Node node) =>
        node.Operator is FullyConnected ? null
        : Filters(node).FirstOrDefault(
        static filter => filter is { Type: ElementType.Int8 or ElementType.Int16, Quantization: { } q }
            && q.ZeroPoints.Any(static z => z != 0)) is { } weights
            ? $"The weights '{weights.Name}' are {weights.Type.DisplayName()} with the zero point "
                + $"{weights.Quantization!.ZeroPoints.First(static z => z != 0)}, which TensorFlow Lite's kernels do not define." : null;

    private static IEnumerable<Tensor> Filters(Node node) => node.Operator is UnidirectionalSequenceLstm
        ? node.Inputs.Skip(1).Take(8).OfType<Tensor>()
        : Operands.Weights(node) is { } weights ? [weights] : [];
}

using EthosU.Arithmetic;
using EthosU.Graphs;

namespace EthosU.Npu.Operations;

/// <summary>Lowest and highest stored value of a result (npu-operators 2.6).</summary>
internal readonly record struct ActivationRange(int Min, int Max)
{
    /// <summary>All values that the type and the hardware's registers hold.</summary>
    public static ActivationRange Of(ElementType type) => type switch
    {
        ElementType.UInt8 => new(0, 255),
        ElementType.Int8 => new(-128, 127),
        _ => new(short.MinValue, short.MaxValue),
    };

    /// <summary>The range of a fused activation in the result's quantization.</summary>
    public static ActivationRange Of(FusedActivation activation, Tensor result) => activation switch
    {
        FusedActivation.Relu => Bounded(result, 0, null),
        FusedActivation.Relu6 => Bounded(result, 0, 6),
        FusedActivation.ReluN1To1 => Bounded(result, -1, 1),
        _ => Of(result.Type),
    };

    /// <summary>The range between two real numbers in the result's quantization.</summary>
    public static ActivationRange Bounded(Tensor result, float? low, float? high)
    {
        ActivationRange range = Of(result.Type);
        if (result.Quantization is not { } quantization)
            return range;
        AffineQuantization affine = new(quantization.Scale, quantization.ZeroPoint);
        int min = low is { } a ? Math.Max(range.Min, affine.Bound(a)) : range.Min;
        int max = high is { } b ? Math.Min(range.Max, affine.Bound(b)) : range.Max;
        return new(min, max);
    }
}

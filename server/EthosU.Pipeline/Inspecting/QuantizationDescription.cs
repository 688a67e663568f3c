using System.Collections.Immutable;
using EthosU.Graphs;

namespace EthosU.Pipeline.Inspecting;

/// <summary>real = scale × (stored − zero point), for the whole tensor, or for each slice along an axis.</summary>
/// <param name="Scale">The scale of the whole tensor; absent if each slice has its own.</param>
/// <param name="ZeroPoint">The zero point of the whole tensor; absent if each slice has its own.</param>
/// <param name="Scales">The scale of each slice.</param>
/// <param name="ZeroPoints">The zero point of each slice.</param>
/// <param name="Axis">The axis whose slices have their own scales.</param>
public sealed record QuantizationDescription(float? Scale, long? ZeroPoint, ImmutableArray<float>? Scales, ImmutableArray<long>? ZeroPoints,
    int? Axis)
{
    internal static QuantizationDescription? Of(Quantization? quantization) => quantization switch
    {
        null => null,
        { IsPerAxis: true } => new(null, null, quantization.Scales, quantization.ZeroPoints, quantization.Axis),
        _ => new(quantization.Scale, quantization.ZeroPoints[0], null, null, null),
    };
}

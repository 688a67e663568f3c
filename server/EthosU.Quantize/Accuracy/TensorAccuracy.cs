using System.Collections.Immutable;

namespace EthosU.Quantize.Accuracy;

/// <summary>How well a quantized tensor holds the values of the float model.</summary>
/// <param name="Name">The tensor.</param>
/// <param name="Layer">The user's name of the layer that computes it.</param>
/// <param name="Operator">The operator that computes it.</param>
/// <param name="Type">Its element type.</param>
/// <param name="Sqnr">Signal to quantization noise ratio in dB, in the running quantized network: errors as they accumulate.</param>
/// <param name="LayerSqnr">The same with the layer fed the float model's values: the error that this layer adds. Null where its operands
/// have no counterpart there.</param>
/// <param name="MaxError">Largest difference.</param>
/// <param name="MeanError">Mean of the absolute differences.</param>
/// <param name="Cosine">Cosine of the angle between both values.</param>
/// <param name="Saturated">Share of the float model's values that lie beyond an end of the integer range by more than a step, 0 to 1.
/// Values are those after the activation, so that the zeros of a RELU do not count, nor what no reader of the tensor tells apart.</param>
/// <param name="Min">Smallest value of the float model.</param>
/// <param name="Max">Largest value of the float model.</param>
/// <param name="RangeUsed">Share of the integer range that the values take up, 0 to 1.</param>
/// <param name="Scale">Scale of the quantization; 0 for reals.</param>
/// <param name="ZeroPoint">Its zero point.</param>
public sealed record TensorAccuracy(string Name, string Layer, string Operator, string Type, double Sqnr, double? LayerSqnr,
    double MaxError, double MeanError,
    double Cosine, double Saturated, float Min, float Max, double RangeUsed, float Scale, int ZeroPoint)
{
    /// <summary>Of a concatenation: how well each of its parts is held, which may be lost among the others.</summary>
    public ImmutableArray<PartAccuracy> Parts { get; init; } = [];
}

/// <summary>How well a part of a concatenation is held.</summary>
/// <param name="Name">The tensor that it is.</param>
/// <param name="Sqnr">Signal to quantization noise ratio in dB, in the running quantized network.</param>
/// <param name="MaxError">Largest difference.</param>
/// <param name="Min">Smallest value of the float model.</param>
/// <param name="Max">Largest value of the float model.</param>
public sealed record PartAccuracy(string Name, double Sqnr, double MaxError, float Min, float Max);

using System.Collections.Immutable;

namespace EthosU.Quantize.Accuracy;

/// <summary>One change that was tried to make a quantized model more accurate.</summary>
/// <param name="Change">What was changed.</param>
/// <param name="Layers">The layers concerned, by the names of their results; empty if it is the whole model.</param>
/// <param name="OutputSqnr">Signal to quantization noise ratio of the outputs with it, in dB, on calibration data.</param>
/// <param name="Gain">By how much that is better than without, in dB.</param>
/// <param name="Kept">True if the change was kept.</param>
public sealed record FixStep(string Change, ImmutableArray<string> Layers, double OutputSqnr, double Gain, bool Kept);

namespace EthosU.Quantize;

/// <summary>One change that was tried to make a quantized model more accurate.</summary>
/// <param name="Change">What was changed.</param>
/// <param name="OutputSqnr">Signal to quantization noise ratio of the outputs with it, in dB.</param>
/// <param name="Gain">By how much that is better than without, in dB.</param>
/// <param name="Kept">True if the change was kept.</param>
public sealed record FixStep(string Change, double OutputSqnr, double Gain, bool Kept);

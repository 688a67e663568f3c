namespace EthosU.Npu.Weights;

/// <summary>A run of weights in a stream that share a palette.</summary>
/// <param name="Start">Index of the first weight.</param>
/// <param name="Length">Number of weights.</param>
/// <param name="Palette">Their palette.</param>
internal readonly record struct WeightSection(int Start, int Length, WeightPalette Palette);

using System.Collections.Immutable;

namespace EthosU.Quantize.Search;

/// <summary>Which layers compute in 16 bits, and what that gains and costs.</summary>
/// <param name="Layers">Their results' names, in the order in which they are worth their cycles.</param>
/// <param name="Before">The outputs' signal to noise ratio on calibration data in 8 bits, in dB.</param>
/// <param name="After">With those layers in 16 bits.</param>
/// <param name="CyclesBefore">The network's cycles in 8 bits.</param>
/// <param name="CyclesAfter">With those layers in 16 bits.</param>
public sealed record MixedResult(ImmutableArray<string> Layers, double Before, double After, double CyclesBefore, double CyclesAfter);

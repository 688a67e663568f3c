using System.Collections.Immutable;

namespace EthosU.Pipeline.Converting;

/// <summary>Which layers of an 8-bit model compute in 16 bits, and what that gains and costs. Ratios are in dB.</summary>
/// <param name="Target">The NPU whose cycles were counted.</param>
/// <param name="Layers">The layers, by the names of their results, those first that gain most for their cycles.</param>
/// <param name="SqnrBefore">Signal to quantization noise ratio of the outputs on calibration data with 8 bits throughout.</param>
/// <param name="SqnrAfter">The same with those layers in 16 bits.</param>
/// <param name="CyclesBefore">Cycles of the NPU with 8 bits throughout.</param>
/// <param name="CyclesAfter">The same with those layers in 16 bits.</param>
public sealed record MixedReport(string Target, ImmutableArray<string> Layers, double SqnrBefore, double SqnrAfter, long CyclesBefore,
    long CyclesAfter);

using System.Collections.Immutable;
using EthosU.Quantize.Accuracy;

namespace EthosU.Pipeline.Accuracy;

/// <summary>What was tried to make a quantized model more accurate.</summary>
/// <param name="Output">The file with the changes that helped.</param>
/// <param name="Target">The NPU for which layers stay in 8 bits that it runs in 8 bits only; absent if there is none.</param>
/// <param name="Steps">What was tried, in order.</param>
/// <param name="Int16Layers">The layers of that file that compute in 16 bits, by the names of their results, in the order in which they are
/// computed.</param>
/// <param name="After">How the changed model compares with the float model.</param>
public sealed record FixReport(string Output, string? Target, ImmutableArray<FixStep> Steps, ImmutableArray<string> Int16Layers,
    AccuracyJobReport After);

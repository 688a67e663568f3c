using System.Collections.Immutable;
using EthosU.Quantize;

namespace EthosU.Pipeline;

/// <summary>What was tried to make a quantized model more accurate.</summary>
/// <param name="Output">The file with the changes that helped.</param>
/// <param name="Steps">What was tried, in order.</param>
/// <param name="After">How the changed model compares with the float model.</param>
public sealed record FixReport(string Output, ImmutableArray<FixStep> Steps, AccuracyJobReport After);

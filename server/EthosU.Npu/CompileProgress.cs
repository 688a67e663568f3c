namespace EthosU.Npu;

/// <summary>How far a compilation is.</summary>
/// <param name="Stage">What is being done, in words.</param>
/// <param name="Fraction">Share of the whole, 0 to 1.</param>
public readonly record struct CompileProgress(string Stage, double Fraction);

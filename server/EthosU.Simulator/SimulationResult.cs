using System.Collections.Immutable;

namespace EthosU.Simulator;

/// <summary>What came of a run; the data lie in the memory.</summary>
/// <param name="Completed">False if a violation ended the run before STOP.</param>
/// <param name="Violations">What the stream does wrong, in the order of its commands.</param>
/// <param name="Work">Multiplications and elements moved.</param>
public sealed record SimulationResult(bool Completed, ImmutableArray<Violation> Violations, long Work);

namespace EthosU.Pipeline;

/// <summary>How far a job is.</summary>
/// <param name="Step">What it does now, in a word or two for people: <c>calibrating</c>.</param>
/// <param name="Share">The share of the step that is done, 0 to 1; null where it is not known.</param>
public readonly record struct JobProgress(string Step, double? Share = null);

namespace EthosU.Pipeline.Converting;

/// <summary>How the ranges of values were found.</summary>
/// <param name="Data">The data set, as the user named it; absent for random data.</param>
/// <param name="Samples">How many samples were used.</param>
/// <param name="Method"><c>minmax</c>, <c>percentile</c>, <c>entropy</c> or <c>mse</c>.</param>
public sealed record CalibrationReport(string? Data, int Samples, string Method);

namespace EthosU.Npu.Performance;

/// <summary>Bytes that pass a memory in one inference.</summary>
/// <param name="FeatureMapRead">Feature maps read.</param>
/// <param name="FeatureMapWritten">Feature maps written.</param>
/// <param name="WeightsRead">Compressed weights and scale records read.</param>
/// <param name="WeightsWritten">Weights written to buffers.</param>
public readonly record struct MemoryTraffic(double FeatureMapRead, double FeatureMapWritten, double WeightsRead, double WeightsWritten)
{
    /// <summary>All bytes.</summary>
    public double Total => FeatureMapRead + FeatureMapWritten + WeightsRead + WeightsWritten;

    /// <summary>The sum of both.</summary>
    public static MemoryTraffic operator +(MemoryTraffic left, MemoryTraffic right) => left.Add(right);

    /// <summary>The sum of both.</summary>
    public MemoryTraffic Add(MemoryTraffic other) => new(
        FeatureMapRead + other.FeatureMapRead, FeatureMapWritten + other.FeatureMapWritten, WeightsRead + other.WeightsRead,
        WeightsWritten + other.WeightsWritten);
}

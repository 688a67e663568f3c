namespace EthosU.Quantize.Data;

/// <summary>Samples in memory.</summary>
internal sealed class ListedSamples(IReadOnlyList<Sample> samples) : SampleSource
{
    public override int Count => samples.Count;

    public override bool HasLabels => samples.All(sample => sample.Label is not null);

    public override IEnumerable<Sample> Read(CancellationToken cancellation)
    {
        foreach (Sample sample in samples)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return sample;
        }
    }
}

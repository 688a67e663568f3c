using EthosU.Graphs;

namespace EthosU.Quantize.Reference;

/// <summary>What a reference model computed of some samples. Outputs have the source model's order of axes.</summary>
public interface IReferenceValues : IDisposable
{
    /// <summary>A value's elements, where they lie; not to be used after disposal.</summary>
    /// <param name="sample">Place of the sample in its batch.</param>
    /// <param name="value">Place of the value in <see cref="IReferenceSession.Values"/>.</param>
    ReadOnlySpan<float> Elements(int sample, int value);

    /// <summary>A value's shape.</summary>
    /// <param name="sample">Place of the sample in its batch.</param>
    /// <param name="value">Place of the value in <see cref="IReferenceSession.Values"/>.</param>
    Shape ShapeOf(int sample, int value);
}

namespace EthosU.Quantize.Accuracy;

/// <summary>What may help a layer that loses much.</summary>
internal enum Remedy
{
    /// <summary>A range that holds all values (method minmax).</summary>
    WiderRange,

    /// <summary>A range that clips rare large values, so that the others get finer steps (method percentile or mse).</summary>
    ClippedRange,

    /// <summary>A scale for each unit of a fully connected layer's weights.</summary>
    ScalePerUnit,

    /// <summary>Channels balanced with the neighbouring layers.</summary>
    Equalise,

    /// <summary>16-bit activations.</summary>
    Int16,
}

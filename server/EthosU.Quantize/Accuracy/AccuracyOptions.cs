namespace EthosU.Quantize.Accuracy;

/// <summary>Choices of a measurement.</summary>
public sealed record AccuracyOptions
{
    /// <summary>At most so many samples are run through both models.</summary>
    public int MaxSamples { get; init; } = int.MaxValue;

    /// <summary>On so many of them every tensor is compared.</summary>
    public int LayerSamples { get; init; } = 16;

    /// <summary>Number of layers named as those that lose most.</summary>
    public int RankedLayers { get; init; } = 10;
}

namespace EthosU.Import.Formulas;

/// <summary>How an image is sampled at positions.</summary>
public sealed record GridSampleOptions
{
    /// <summary>From which neighbours.</summary>
    public ResizeMode Mode { get; init; } = ResizeMode.Linear;

    /// <summary>What lies outside the image; null for zeros.</summary>
    public PaddingMode? Outside { get; init; }

    /// <summary>True if −1 and 1 are the middles of the first and last pixels, false if they are the image's edges.</summary>
    public bool AlignsCorners { get; init; }
}

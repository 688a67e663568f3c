namespace EthosU.Quantize.Data;

/// <summary>Choices about the reading of data.</summary>
public sealed record SampleOptions
{
    /// <summary>Order of the stored images' axes; null: recognised from the sizes, and refused where both would suit.</summary>
    public SampleLayout? Layout { get; init; }

    /// <summary>Name of the array with the right classes in a <c>.npz</c>; null: <c>y</c> or <c>labels</c> where there is one.</summary>
    public string? Labels { get; init; }

    /// <summary>Images are read as blue, green, red.</summary>
    public bool BlueFirst { get; init; }

    /// <summary>Number of random samples where no data are given.</summary>
    public int RandomCount { get; init; } = 32;

    /// <summary>Seed of random data.</summary>
    public int Seed { get; init; } = 1;
}

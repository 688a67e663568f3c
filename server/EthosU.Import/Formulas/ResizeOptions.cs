namespace EthosU.Import.Formulas;

/// <summary>How the elements of a resized image are found.</summary>
public sealed record ResizeOptions
{
    /// <summary>From which neighbours.</summary>
    public ResizeMode Mode { get; init; }

    /// <summary>Where an element of the result lies in the source.</summary>
    public ResizeCoordinates Coordinates { get; init; }

    /// <summary>Which neighbour is the nearest.</summary>
    public NearestRounding Rounding { get; init; }

    /// <summary>Coefficient of the cubic polynomials (PyTorch: −0.75).</summary>
    public float CubicCoefficient { get; init; } = -0.75f;

    /// <summary>True if neighbours beyond the edge are left out instead of taken as the edge.</summary>
    public bool ExcludesOutside { get; init; }

    /// <summary>True if the filter is widened where an axis shrinks.</summary>
    public bool Antialiases { get; init; }

    /// <summary>
    /// For <see cref="ResizeCoordinates.Crop"/>: where the crop starts along each axis and then where it ends, 0 and 1 being the edges.
    /// </summary>
    public float[]? Region { get; init; }

    /// <summary>What lies outside the source of a crop.</summary>
    public float Beyond { get; init; }
}

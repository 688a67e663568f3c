namespace EthosU.Import.Formulas;

/// <summary>Where element i of a resized axis lies in the source.</summary>
public enum ResizeCoordinates
{
    /// <summary>Pixels are squares: (i + ½) / scale − ½.</summary>
    HalfPixel,

    /// <summary>The same, and 0 where the result has one element.</summary>
    HalfPixelOrFirst,

    /// <summary>The same about the middle of the source, whatever is cut off the sizes by rounding.</summary>
    HalfPixelSymmetric,

    /// <summary>(i + ½) / scale.</summary>
    HalfPixelForNearest,

    /// <summary>The first and last elements of both lie on each other.</summary>
    AlignCorners,

    /// <summary>i / scale.</summary>
    Asymmetric,

    /// <summary>Corners of a crop lie on the first and last elements.</summary>
    Crop,
}

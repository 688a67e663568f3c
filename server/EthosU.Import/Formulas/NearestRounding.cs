namespace EthosU.Import.Formulas;

/// <summary>Which neighbour of a position is the nearest.</summary>
public enum NearestRounding
{
    /// <summary>The one that is nearer; the lower one in the middle.</summary>
    PreferLower,

    /// <summary>The one that is nearer; the higher one in the middle.</summary>
    PreferHigher,

    /// <summary>The lower one.</summary>
    Lower,

    /// <summary>The higher one.</summary>
    Higher,
}

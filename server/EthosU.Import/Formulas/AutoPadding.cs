namespace EthosU.Import.Formulas;

/// <summary>Who chooses the padding of windows.</summary>
public enum AutoPadding
{
    /// <summary>The model says it in numbers.</summary>
    Explicit,

    /// <summary>As many results as the input has steps; what is odd is padded behind.</summary>
    SameUpper,

    /// <summary>As many results as the input has steps; what is odd is padded before.</summary>
    SameLower,

    /// <summary>None.</summary>
    Valid,
}

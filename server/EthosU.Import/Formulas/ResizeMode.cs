namespace EthosU.Import.Formulas;

/// <summary>From which neighbours an element of a resized image is made.</summary>
public enum ResizeMode
{
    /// <summary>The nearest one.</summary>
    Nearest,

    /// <summary>Two along each axis, by straight lines.</summary>
    Linear,

    /// <summary>Four along each axis, by cubic polynomials.</summary>
    Cubic,
}

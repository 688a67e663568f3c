namespace EthosU.Import.Formulas;

/// <summary>What becomes of an element and of what is scattered to it.</summary>
public enum ScatterReduction
{
    /// <summary>It is replaced.</summary>
    None,

    /// <summary>The sum.</summary>
    Add,

    /// <summary>The product.</summary>
    Mul,

    /// <summary>The larger one.</summary>
    Max,

    /// <summary>The smaller one.</summary>
    Min,
}

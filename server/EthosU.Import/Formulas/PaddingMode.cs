namespace EthosU.Import.Formulas;

/// <summary>With which of its elements a tensor is padded.</summary>
public enum PaddingMode
{
    /// <summary>To and fro between the edges, which are not repeated.</summary>
    Reflect,

    /// <summary>The edge (PyTorch: replicate).</summary>
    Edge,

    /// <summary>Those of the other end (PyTorch: circular).</summary>
    Wrap,
}

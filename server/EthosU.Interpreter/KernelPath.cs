namespace EthosU.Interpreter;

/// <summary>Ways to compute convolutions and matrix products; all give the same bytes.</summary>
public enum KernelPath
{
    /// <summary>The fastest that the machine can do.</summary>
    Fastest,

    /// <summary>The formula as it is written in the specification, one element at a time.</summary>
    Plain,

    /// <summary>Vectors without instructions of a particular machine.</summary>
    Portable,

    /// <summary>At most AVX2.</summary>
    Avx2,
}

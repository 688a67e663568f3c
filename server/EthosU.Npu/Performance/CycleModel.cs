namespace EthosU.Npu.Performance;

/// <summary>The published generations of the cycle model, which differ in details (npu-scheduling 5).</summary>
internal enum CycleModel
{
    /// <summary>That of Vela 3.</summary>
    Vela3,

    /// <summary>That of Vela 5.1, which charges an operation without activation like one with a table.</summary>
    Vela5,

    /// <summary>That of Vela 5.2, which repairs this (npu-scheduling 5.4); the one that estimates are given in.</summary>
    Vela52,
}

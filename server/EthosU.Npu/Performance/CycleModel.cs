namespace EthosU.Npu.Performance;

/// <summary>The two published generations of the cycle model, which differ in details (npu-scheduling 5).</summary>
internal enum CycleModel
{
    /// <summary>That of Vela 3.</summary>
    Vela3,
    /// <summary>That of Vela 5; the one that estimates are given in.</summary>
    Vela5,
}

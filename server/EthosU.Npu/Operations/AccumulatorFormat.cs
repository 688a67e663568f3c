namespace EthosU.Npu.Operations;

/// <summary>Format of the accumulators.</summary>
public enum AccumulatorFormat
{
    /// <summary>32-bit integers.</summary>
    Int32 = 0,

    /// <summary>40-bit integers.</summary>
    Int40 = 1,

    /// <summary>16-bit floating point; no known compiler uses it.</summary>
    Float16 = 2,
}

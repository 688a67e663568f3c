namespace EthosU.Npu.Operations;

/// <summary>What accumulators begin with.</summary>
public enum AccumulatorStart
{
    /// <summary>0.</summary>
    Zero = 0,

    /// <summary>What the operation before has left in them.</summary>
    Kept = 1,

    /// <summary>The second input.</summary>
    Ifm2 = 2,
}

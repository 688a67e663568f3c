namespace EthosU.Npu.Operations;

/// <summary>What a pooling operation computes.</summary>
public enum PoolingMode
{
    /// <summary>The largest element.</summary>
    Max = 0,

    /// <summary>The average.</summary>
    Average = 1,

    /// <summary>The sum over the channels.</summary>
    ReduceSum = 2,
}

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

    /// <summary>The sum.</summary>
    Sum = 3,

    /// <summary>No window: the accumulators are the second input.</summary>
    None = 4,

    /// <summary>The smallest element.</summary>
    Min = 5,

    /// <summary>The column of the window with the largest element.</summary>
    ArgMaxX = 6,

    /// <summary>The row of the window with the largest element.</summary>
    ArgMaxY = 7,
}

namespace EthosU.Npu.Blocks;

/// <summary>Kinds of operation, as far as the use of shared RAM is concerned (npu-scheduling 2.2).</summary>
internal enum BlockOperation
{
    /// <summary>Convolution, also transposed.</summary>
    Convolution,
    /// <summary>Linear layer.</summary>
    VectorProduct,
    /// <summary>Depthwise convolution.</summary>
    Depthwise,
    /// <summary>Maximum and average pooling; copies through a 1x1 average.</summary>
    Pooling,
    /// <summary>Sum over the channels.</summary>
    ReduceSum,
    /// <summary>Operation on elements of one or two tensors.</summary>
    Elementwise,
}

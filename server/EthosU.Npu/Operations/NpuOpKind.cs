namespace EthosU.Npu.Operations;

/// <summary>What the hardware does.</summary>
internal enum NpuOpKind
{
    /// <summary>Convolution over all channels.</summary>
    Convolution,

    /// <summary>1×1 convolution of one row and column of outputs per weight, traversed depth-first (fully connected).</summary>
    VectorProduct,

    /// <summary>One filter per channel.</summary>
    Depthwise,

    /// <summary>Largest value of a window.</summary>
    MaxPool,

    /// <summary>Mean of a window; with a 1×1 window a copy that can rescale.</summary>
    AveragePool,

    /// <summary>Sum over the channels.</summary>
    ReduceSum,

    /// <summary>Function of one or two operands, element by element.</summary>
    Elementwise,

    /// <summary>Memory to memory without looking at the elements; whole rows only.</summary>
    Dma,
}

namespace EthosU.Npu.Weights;

/// <summary>The order in which an operation reads its weights (npu-weights 1.2).</summary>
internal enum WeightTraversal
{
    /// <summary>All input channels of a block for one kernel element, then the next element.</summary>
    DepthFirst,
    /// <summary>All kernel elements for eight input channels, then the next eight.</summary>
    PartKernelFirst,
    /// <summary>One input channel per output channel.</summary>
    Depthwise,
}

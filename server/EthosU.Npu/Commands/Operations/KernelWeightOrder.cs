namespace EthosU.Npu.Commands;

/// <summary>Order of the weights in their stream (npu-weights 1.3).</summary>
public enum KernelWeightOrder
{
    /// <summary>Input channels innermost.</summary>
    DepthFirst = 0,

    /// <summary>Kernel positions inside groups of 8 input channels.</summary>
    PartKernelFirst = 1,
}

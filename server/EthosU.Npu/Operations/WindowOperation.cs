namespace EthosU.Npu.Operations;

/// <summary>A kernel that moves over the input: convolution or pooling.</summary>
public abstract record WindowOperation : KernelOperation
{
    /// <summary>The kernel's geometry.</summary>
    public required NpuKernel Kernel { get; init; }

    /// <summary>Padding around the (upscaled) input.</summary>
    public NpuPadding Padding { get; init; }

    /// <summary>Height of the input as the kernel sees it, upscaled and without padding (npu-commands 7.1).</summary>
    public int VirtualHeight => Kernel.RowsFor(Ofm.Height) - Padding.Top - Padding.Bottom;

    /// <summary>Width of the input as the kernel sees it, upscaled and without padding (npu-commands 7.1).</summary>
    public int VirtualWidth => Kernel.ColumnsFor(Ofm.Width) - Padding.Left - Padding.Right;
}

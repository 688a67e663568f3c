namespace EthosU.Npu.Commands;

/// <summary>A kernel that moves over the input: convolution or pooling.</summary>
public abstract record WindowOperation : KernelOperation
{
    /// <summary>The kernel's geometry.</summary>
    public required NpuKernel Kernel { get; init; }

    /// <summary>Padding around the (upscaled) input.</summary>
    public NpuPadding Padding { get; init; }

    /// <summary>Height of the input as the kernel sees it, upscaled and without padding (npu-commands 7.1).</summary>
    public int VirtualHeight => (Ofm.Height - 1) * Kernel.StrideY + Kernel.DilatedHeight - Padding.Top - Padding.Bottom;

    /// <summary>Width of the input as the kernel sees it, upscaled and without padding (npu-commands 7.1).</summary>
    public int VirtualWidth => (Ofm.Width - 1) * Kernel.StrideX + Kernel.DilatedWidth - Padding.Left - Padding.Right;
}

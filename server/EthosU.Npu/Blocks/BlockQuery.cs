using EthosU.Npu.Commands;
using EthosU.Npu.Targets;

namespace EthosU.Npu.Blocks;

/// <summary>What the use of shared RAM by an operation depends on.</summary>
/// <param name="Accelerator">The accelerator.</param>
/// <param name="Operation">Kind of operation.</param>
/// <param name="Ofm">Shape of the output, or of the part of it that is made at once.</param>
/// <param name="Ifm">Shape of the input; for an elementwise operation that of the operand with more elements.</param>
/// <param name="IfmBits">Bits of an input element: 8, 16 or 32.</param>
/// <param name="Kernel">The kernel; <see cref="NpuKernel.Unit"/> for elementwise operations.</param>
internal sealed record BlockQuery(
    Accelerator Accelerator, BlockOperation Operation, BlockShape Ofm, BlockShape Ifm, int IfmBits, NpuKernel Kernel)
{
    /// <summary>Bits of an accumulator: 32, or 40 for sums of int16 products with scales.</summary>
    public int AccumulatorBits { get; init; } = 32;

    /// <summary>Doubling of the input.</summary>
    public NpuUpscale Upscale { get; init; }

    /// <summary>True for a convolution whose weights are read part-kernel-first.</summary>
    public bool PartKernelFirst { get; init; }

    /// <summary>True if results go through a lookup table.</summary>
    public bool UsesLut { get; init; }

    /// <summary>Second operand of an elementwise operation.</summary>
    public SecondOperand Second { get; init; }

    /// <summary>True if an output channel is made of the input channel of the same number.</summary>
    public bool HasEqualDepth => Operation is BlockOperation.Depthwise or BlockOperation.Pooling or BlockOperation.Elementwise;

    /// <summary>
    /// True if the operation works on a single row, of which an accelerator with micro-blocks of two rows need not keep the
    /// second (npu-scheduling 2.4).
    /// </summary>
    public bool HasSingleRow => Ofm.Height == 1 && Kernel.Height == 1 && Accelerator.OfmMicroBlock.Height == 2;

    /// <summary>Accumulator bits that an operation needs (npu-scheduling 2.5).</summary>
    /// <param name="operation">Kind of operation.</param>
    /// <param name="ifmBits">Bits of an input element.</param>
    /// <param name="isScaled">True if inputs and output all carry a scale.</param>
    public static int AccumulatorBitsFor(BlockOperation operation, int ifmBits, bool isScaled) =>
        ifmBits == 16 && operation != BlockOperation.Pooling && isScaled ? 40 : 32;
}

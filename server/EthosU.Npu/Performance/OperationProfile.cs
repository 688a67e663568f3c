using EthosU.Npu.Blocks;
using EthosU.Npu.Operations;
using EthosU.Npu.Targets;

namespace EthosU.Npu.Performance;

/// <summary>What the time of an operation depends on.</summary>
internal sealed record OperationProfile
{
    /// <summary>Kind of operation.</summary>
    public required BlockOperation Operation { get; init; }

    /// <summary>Output.</summary>
    public required FeatureMapProfile Ofm { get; init; }

    /// <summary>Input.</summary>
    public required FeatureMapProfile Ifm { get; init; }

    /// <summary>Second operand of an elementwise operation, if it is a tensor.</summary>
    public FeatureMapProfile? Ifm2 { get; init; }

    /// <summary>Kernel.</summary>
    public NpuKernel Kernel { get; init; } = NpuKernel.Unit;

    /// <summary>Block of the output.</summary>
    public required BlockShape OfmBlock { get; init; }

    /// <summary>Block of the input.</summary>
    public required BlockShape IfmBlock { get; init; }

    /// <summary>True for a convolution whose weights are read part-kernel-first.</summary>
    public bool PartKernelFirst { get; init; }

    /// <summary>Bits of an accumulator: 32 or 40.</summary>
    public int AccumulatorBits { get; init; } = 32;

    /// <summary>Kind by output rate.</summary>
    public OutputKind Output { get; init; }

    /// <summary>What happens to results.</summary>
    public ActivationKind Activation { get; init; }

    /// <summary>Memory from which scale records are read; null if there are none.</summary>
    public MemoryKind? ScaleMemory { get; init; }

    /// <summary>Memory from which compressed weights are read; null if there are none.</summary>
    public MemoryKind? WeightMemory { get; init; }

    /// <summary>Bytes of the compressed weights of all depth slices, scale records not included.</summary>
    public long WeightBytes { get; init; }

    /// <summary>Bytes of the scale records of all depth slices with their padding to 16 bytes.</summary>
    public long ScaleBytes { get; init; }

    /// <summary>True for operations of the multiply-accumulate array.</summary>
    public bool UsesMacs => Operation != BlockOperation.Elementwise;

    /// <summary>True if every output depends on all input channels.</summary>
    public bool SumsChannels => Operation is BlockOperation.Convolution or BlockOperation.VectorProduct or BlockOperation.ReduceSum;

    /// <summary>Multiply-accumulates.</summary>
    public long Macs => !UsesMacs ? 0 : Kernel.Taps * Ofm.Shape.ElementCount * (SumsChannels ? Ifm.Shape.Depth : 1);
}

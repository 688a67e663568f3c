using EthosU.Npu.Operations;
using EthosU.Npu.Targets;

namespace EthosU.Npu.Weights.Decoding;

/// <summary>What decides the order of the weights in the streams of an engine's decoders (npu-u85 7.2).</summary>
public readonly record struct EngineWeightGeometry
{
    /// <summary>Output channels.</summary>
    public required int OfmDepth { get; init; }

    /// <summary>The kernel.</summary>
    public required NpuKernel Kernel { get; init; }

    /// <summary>Input channels; 1 for depthwise.</summary>
    public required int IfmDepth { get; init; }

    /// <summary>Depth of the output block.</summary>
    public required int BlockDepth { get; init; }

    /// <summary>Depth of the output micro-block.</summary>
    public required int MicroBlockDepth { get; init; }

    /// <summary>Bits of an input element: 8 or 16.</summary>
    public required int IfmBits { get; init; }

    /// <summary>Number of decoders.</summary>
    public required int Decoders { get; init; }

    /// <summary>Multiply-accumulates per cycle of the accelerator.</summary>
    public required int MacsPerCycle { get; init; }

    /// <summary>True if every output channel has one input channel.</summary>
    public bool IsDepthwise { get; init; }

    /// <summary>Order; depth first for depthwise.</summary>
    public KernelWeightOrder Order { get; init; }

    /// <summary>Form of the streams.</summary>
    public WeightForm Form { get; init; }

    /// <summary>The order of an operation's weights.</summary>
    public static EngineWeightGeometry Of(ConvolutionOperation operation, Accelerator accelerator) => new()
    {
        OfmDepth = operation.Ofm.Depth,
        Kernel = operation.Kernel,
        IfmDepth = operation.IsDepthwise ? 1 : operation.Ifm.Depth,
        BlockDepth = operation.Block.Depth,
        MicroBlockDepth = operation.MicroBlock.Depth,
        IfmBits = operation.Ifm.ElementBytes * 8,
        Decoders = accelerator.Engine!.Decoders,
        MacsPerCycle = accelerator.MacsPerCycle,
        IsDepthwise = operation.IsDepthwise,
        Order = operation.WeightOrder,
        Form = operation.WeightForm,
    };

    /// <summary>Channels of the input that are worked on at once (npu-u85 6.2).</summary>
    public int IfmBlockDepth => IsDepthwise ? 1 : BlockDepthOf(Order, IfmBits, Form.IsSparse, MicroBlockDepth, MacsPerCycle);

    /// <summary>Channels of the input that stand together.</summary>
    public int IfmUnit => IsDepthwise ? 1
        : Order == KernelWeightOrder.PartKernelFirst && IfmBits == 16 && !Form.IsSparse ? 8 : IfmBlockDepth;

    /// <summary>Input channels of a step.</summary>
    public int Lanes => IsDepthwise ? 1 : Form.IsSparse ? 16 : 8;

    /// <summary>Taps up to a multiple of which a sub-kernel is filled up.</summary>
    public int TapUnit => IsDepthwise ? 10 : Order == KernelWeightOrder.DepthFirst ? 1 : IfmBits == 16 || Form.IsSparse ? 10 : 5;

    /// <summary>Taps of zeros behind each full unit of a depthwise operation.</summary>
    public int GapTaps => !IsDepthwise || (IfmBits == 8 && MacsPerCycle <= 256) ? 0 : MacsPerCycle <= 512 ? 2 : 6;

    /// <summary>Weights of a tap in a decoder's stream.</summary>
    public int TapWeights => IfmUnit * MicroBlockDepth / Decoders;

    /// <summary>Channels of the input that operations which sum over channels work on at once (npu-u85 6.2).</summary>
    /// <param name="order">Order of the weights.</param>
    /// <param name="ifmBits">Bits of an input element.</param>
    /// <param name="isSparse">True for 2:4 sparse weights.</param>
    /// <param name="microBlockDepth">Depth of the output micro-block.</param>
    /// <param name="macsPerCycle">Multiply-accumulates per cycle of the accelerator.</param>
    public static int BlockDepthOf(KernelWeightOrder order, int ifmBits, bool isSparse, int microBlockDepth, int macsPerCycle) =>
        order == KernelWeightOrder.PartKernelFirst ? 16
        : ifmBits == 32 || (macsPerCycle <= 256 && microBlockDepth == 16 && !isSparse) ? 32
        : isSparse && ifmBits == 8 ? 128
        : 64;
}

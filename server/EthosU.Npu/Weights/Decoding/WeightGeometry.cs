using EthosU.Npu.Commands;

namespace EthosU.Npu.Weights.Decoding;

/// <summary>What decides the order of the weights in a core's stream (npu-weights 1.2).</summary>
public readonly record struct WeightGeometry
{
    /// <summary>Output channels of the stream.</summary>
    public required int OfmDepth { get; init; }

    /// <summary>Rows of taps, without dilation.</summary>
    public required int KernelHeight { get; init; }

    /// <summary>Columns of taps, without dilation.</summary>
    public required int KernelWidth { get; init; }

    /// <summary>Input channels; 1 for depthwise.</summary>
    public required int IfmDepth { get; init; }

    /// <summary>Depth of the output block that this core works on.</summary>
    public required int BlockDepth { get; init; }

    /// <summary>Depth of the accelerator's output micro-block: 4 or 8.</summary>
    public required int MicroBlockDepth { get; init; }

    /// <summary>Bits of an input element: 8 or 16.</summary>
    public required int IfmBits { get; init; }

    /// <summary>Vertical dilation, 1 or 2.</summary>
    public int DilationY { get; init; }

    /// <summary>Horizontal dilation, 1 or 2.</summary>
    public int DilationX { get; init; }

    /// <summary>True if every output channel has one input channel.</summary>
    public bool IsDepthwise { get; init; }

    /// <summary>Order; depth first for depthwise.</summary>
    public KernelWeightOrder Order { get; init; }
}

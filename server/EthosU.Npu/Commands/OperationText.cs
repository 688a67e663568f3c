using EthosU.Graphs;
using EthosU.Npu.Operations;

namespace EthosU.Npu.Commands;

/// <summary>Operations in words.</summary>
public static class OperationText
{
    /// <summary>Stable name of the kind: <c>conv</c>, <c>depthwise</c>, <c>pool</c>, <c>elementwise</c> or <c>dma</c>.</summary>
    public static string Kind(StreamOperation operation) => operation switch
    {
        ConvolutionOperation { IsDepthwise: false } => "conv",
        ConvolutionOperation => "depthwise",
        PoolingOperation => "pool",
        ElementwiseOperation => "elementwise",
        _ => "dma",
    };

    /// <summary>The operation, its feature maps and its kernel on one line.</summary>
    public static string Describe(StreamOperation operation) => operation switch
    {
        ConvolutionOperation convolution => $"{Kind(operation)} {Window(convolution)}",
        PoolingOperation pooling => $"pool {CommandFields.PoolingMode.Describe((ulong)pooling.Mode)} {Window(pooling)}",
        ElementwiseOperation elementwise =>
            $"elementwise {CommandFields.ElementwiseMode.Describe((ulong)elementwise.Mode)} {Operands(elementwise)} -> "
                + $"{Map(elementwise.Ofm)}{Function(elementwise)}",
        DmaOperation dma => $"dma {dma.Length} bytes {End(dma.Source)} -> {End(dma.Destination)}",
        _ => operation.GetType().Name,
    };

    private static string Window(WindowOperation operation)
    {
        NpuKernel kernel = operation.Kernel;
        string stride = kernel is { StrideX: 1, StrideY: 1 } ? "" : $" stride {kernel.StrideY}x{kernel.StrideX}";
        string dilation = kernel is { DilationX: 1, DilationY: 1 } ? "" : $" dilation {kernel.DilationY}x{kernel.DilationX}";
        string upscale = operation.Upscale == NpuUpscale.None ? "" : $" upscale {CommandFields.Upscale.Describe((ulong)operation.Upscale)}";
        return $"{kernel.Height}x{kernel.Width}{stride}{dilation}{upscale} {Map(operation.Ifm)} -> "
            + $"{Map(operation.Ofm)}{Function(operation)}";
    }

    private static string Operands(ElementwiseOperation operation) => operation switch
    {
        { Scalar: { } scalar } => $"{Map(operation.Ifm)}, scalar {scalar}",
        { Ifm2: { } ifm2 } => $"{Map(operation.Ifm)}, {Map(ifm2)}",
        _ => Map(operation.Ifm),
    };

    private static string Map(AddressedFeatureMap map) =>
        $"{map.Type.DisplayName()}[{map.Height}, {map.Width}, {map.Depth}]@{map.Region}:0x{map.Tiles.Base0:X}";

    private static string Function(KernelOperation operation) => operation.Activation.Function == 0 ? ""
        : $" {CommandFields.ActivationFunction.Describe((ulong)operation.Activation.Function)}";

    private static string End(DmaEnd end) => end.IsSharedRam ? $"shared RAM 0x{end.Address:X}" : $"{end.Region}:0x{end.Address:X}";
}

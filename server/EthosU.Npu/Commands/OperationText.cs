using EthosU.Graphs;
using EthosU.Npu.Operations;

namespace EthosU.Npu.Commands;

/// <summary>Operations in words.</summary>
public static class OperationText
{
    /// <summary>
    /// Stable name of the kind: <c>conv</c>, <c>depthwise</c>, <c>pool</c>, <c>elementwise</c>, <c>resize</c> or <c>dma</c>.
    /// </summary>
    public static string Kind(StreamOperation operation) => operation switch
    {
        ConvolutionOperation { IsDepthwise: false } => "conv",
        ConvolutionOperation => "depthwise",
        PoolingOperation => "pool",
        ElementwiseOperation => "elementwise",
        ResizeOperation => "resize",
        _ => "dma",
    };

    /// <summary>The operation, its feature maps and its kernel on one line.</summary>
    public static string Describe(StreamOperation operation) => operation switch
    {
        ConvolutionOperation convolution => $"{Kind(operation)} {Window(convolution)}",
        PoolingOperation pooling => $"pool {CommandFields.PoolingMode.Describe((ulong)pooling.Mode)} {Window(pooling)}",
        ElementwiseOperation elementwise =>
            $"elementwise {CommandFields.ElementwiseMode.Describe((ulong)elementwise.Mode)} {Operands(elementwise)} -> "
                + $"{Output(elementwise)}{Function(elementwise)}",
        ResizeOperation resize =>
            $"resize {EthosU85Fields.ResizeMode.Describe((ulong)resize.Mode)} {Map(resize.Ifm)} -> {Output(resize)}{Function(resize)}",
        DmaOperation dma => $"dma {Size(dma)} {End(dma.Source)} -> {End(dma.Destination)}",
        _ => operation.GetType().Name,
    };

    private static string Window(WindowOperation operation)
    {
        NpuKernel kernel = operation.Kernel;
        string stride = kernel is { StrideX: 1, StrideY: 1 } ? "" : $" stride {kernel.StrideY}x{kernel.StrideX}";
        string dilation = kernel is { DilationX: 1, DilationY: 1 } ? "" : $" dilation {kernel.DilationY}x{kernel.DilationX}";
        string upscale = operation.Upscale == NpuUpscale.None ? "" : $" upscale {CommandFields.Upscale.Describe((ulong)operation.Upscale)}";
        string inputs = !operation.ReadsIfm ? Map(operation.Ifm2!)
            : operation.ReadsIfm2 ? $"{Map(operation.Ifm)}, {Map(operation.Ifm2!)}" : Map(operation.Ifm);
        return $"{kernel.Height}x{kernel.Width}{stride}{dilation}{upscale} {inputs} -> {Output(operation)}{Function(operation)}";
    }

    private static string Operands(ElementwiseOperation operation) => operation switch
    {
        { Scalar: { } scalar, IsFirstScalar: true, Ifm2: { } ifm2 } => $"scalar {scalar}, {Map(ifm2)}",
        { Scalar: { } scalar } => $"{Map(operation.Ifm)}, scalar {scalar}",
        { Ifm2: { } ifm2 } => $"{Map(operation.Ifm)}, {Map(ifm2)}",
        _ => Map(operation.Ifm),
    };

    private static string Map(AddressedFeatureMap map) =>
        $"{map.Type.DisplayName()}[{map.Height}, {map.Width}, {map.Depth}]@"
            + (map.ChainBuffer is { } buffer ? $"chain {buffer}" : $"{map.Region}:0x{map.Tiles.Base0:X}");

    private static string Output(KernelOperation operation)
    {
        if (operation.Accumulators.IsKeptUnwritten)
            return $"accumulators[{operation.Ofm.Height}, {operation.Ofm.Width}, {operation.Ofm.Depth}]";
        OutputOrder order = operation.OutputOrder;
        string transpose = order.Transpose == OutputTranspose.Hwc ? ""
            : $" as {Name(EthosU85Fields.Transpose, (int)order.Transpose)}";
        string reverse = order.Reverse == OutputReverse.None ? "" : $" reversed in {Name(EthosU85Fields.Reverse, (int)order.Reverse)}";
        return Map(operation.Ofm) + transpose + reverse;
    }

    private static string Name(CommandField field, int value) => field.Describe((ulong)value << field.Low);

    private static string Size(DmaOperation dma) => (dma.Planes > 1 ? $"{dma.Planes} x " : "") + (dma.Rows > 1 ? $"{dma.Rows} x " : "")
        + $"{dma.Length} bytes" + (dma.Indices is null ? "" : " by index");

    private static string Function(KernelOperation operation) => operation.Activation.TypedTable is { IsUsed: true } table
        ? $" {Name(EthosU85Fields.TableKind, (int)table.Kind)} table {table.Number}"
        : operation.Activation.Function == 0 ? ""
        : $" {CommandFields.ActivationFunction.Describe((ulong)operation.Activation.Function)}";

    private static string End(DmaEnd end) => end.IsSharedRam ? $"shared RAM 0x{end.Address:X}" : $"{end.Region}:0x{end.Address:X}";
}

using System.Collections.Immutable;
using EthosU.Npu.Operations;
using EthosU.Npu.Targets;

namespace EthosU.Simulator;

/// <summary>Which micro-blocks operations work in, by accelerator and width of the input (npu-u85 1.2).</summary>
internal static class MicroBlockRules
{
    private enum Kind { Convolution, Product, Window, ReduceSum, Extreme, Resize, Any }

    /// <summary>The micro-blocks of an operation; none if no engine can do it.</summary>
    public static ImmutableArray<BlockShape> Allowed(KernelOperation operation, Accelerator accelerator)
    {
        ImmutableArray<BlockShape> all = accelerator.Engine!.MicroBlocks;
        Kind kind = KindOf(operation);
        // Accumulators that are loaded alone count as 8-bit pooling; where nothing comes out, any will do.
        bool loads = operation is PoolingOperation { Mode: PoolingMode.None };
        int bytes = loads ? 1 : operation.Ifm.ElementBytes;
        if (kind == Kind.Any || (kind == Kind.Resize && accelerator.MacsPerCycle <= 512)
            || (loads && operation.Accumulators.IsKeptUnwritten))
            return all;
        if (bytes > 2 && kind is Kind.Convolution or Kind.Product or Kind.Window)
            return [];
        bool depthFirstPoint = operation is ConvolutionOperation
        {
            Kernel: { Height: 1, Width: 1 }, WeightOrder: KernelWeightOrder.DepthFirst, IsDepthwise: false,
        };
        return accelerator.MacsPerCycle switch
        {
            // The first is deep and takes depthwise work of 8 bits, the others are for sums.
            128 => kind switch
            {
                Kind.Convolution when bytes == 2 && depthFirstPoint => all,
                Kind.Window or Kind.Extreme when bytes == 1 => [all[1]],
                _ => [all[0]],
            },
            256 => kind switch
            {
                Kind.Convolution when bytes == 2 && depthFirstPoint => all,
                Kind.Window or Kind.Extreme when bytes == 1 => [all[0]],
                _ => [all[1], all[2]],
            },
            512 => all,
            _ => kind switch
            {
                Kind.Convolution => all,
                Kind.Product => [all[0], all[1]],
                _ => [all[2]],
            },
        };
    }

    private static Kind KindOf(KernelOperation operation) => operation switch
    {
        ConvolutionOperation { HasRunTimeWeights: true } => Kind.Product,
        ConvolutionOperation { IsDepthwise: false } => Kind.Convolution,
        ConvolutionOperation => Kind.Window,
        PoolingOperation { Mode: PoolingMode.ReduceSum } => Kind.ReduceSum,
        PoolingOperation { Mode: PoolingMode.Min or PoolingMode.Max, Ifm.ElementBytes: > 2 } => Kind.Extreme,
        PoolingOperation { Mode: PoolingMode.Min } => Kind.Extreme,
        PoolingOperation => Kind.Window,
        ResizeOperation => Kind.Resize,
        _ => Kind.Any,
    };
}

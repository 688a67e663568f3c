using EthosU.Npu.Operations;
using EthosU.Npu.Weights.Decoding;

namespace EthosU.Simulator;

/// <summary>A stream of weights for each core, which has every other output channel where there are two.</summary>
internal sealed class CoreWeights : IWeightForms
{
    /// <inheritdoc/>
    public object Order(Execution run, ConvolutionOperation operation) => Geometry(run, operation, 0);

    /// <inheritdoc/>
    public (IReadOnlyList<(short[] Volume, int FirstChannel, int ChannelStep)> Parts, string? Problem) Read(
        Execution run, ConvolutionOperation operation, byte[][] streams, string fileName)
    {
        List<(short[], int, int)> parts = [];
        for (int core = 0; core < streams.Length; core++)
        {
            WeightGeometry own = Geometry(run, operation, core);
            if (own.OfmDepth > 0)
                parts.Add((WeightReader.Read(streams[core], own, $"command {operation.CommandIndex}, weights of core {core}", fileName),
                    core, streams.Length));
        }
        return (parts, null);
    }

    private static WeightGeometry Geometry(Execution run, ConvolutionOperation operation, int core)
    {
        NpuKernel kernel = operation.Kernel;
        return new()
        {
            OfmDepth = (operation.Ofm.Depth + operation.Cores - 1 - core) / operation.Cores,
            KernelHeight = kernel.Height,
            KernelWidth = kernel.Width,
            IfmDepth = operation.IsDepthwise ? 1 : operation.Ifm.Depth,
            BlockDepth = Math.Max(1, operation.Block.DepthOfCore(core, operation.Cores)),
            MicroBlockDepth = run.Accelerator.OfmMicroBlock.Depth,
            IfmBits = operation.Ifm.ElementBytes * 8,
            DilationY = kernel.DilationY,
            DilationX = kernel.DilationX,
            IsDepthwise = operation.IsDepthwise,
            Order = operation.WeightOrder,
        };
    }
}

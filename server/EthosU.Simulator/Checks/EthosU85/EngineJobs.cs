using EthosU.Npu.Operations;
using EthosU.Npu.Targets;
using EthosU.Npu.Weights.Decoding;

namespace EthosU.Simulator;

/// <summary>What an engine works on at once: an output block, and a block of the input's channels for it (npu-u85 9).</summary>
internal sealed class EngineJobs : IJobRules
{
    /// <inheritdoc/>
    public BlockShape InputUnit(Accelerator accelerator) => accelerator.IfmMicroBlock;

    /// <inheritdoc/>
    public int InputSlice(KernelOperation operation, Accelerator accelerator)
    {
        ConvolutionOperation? convolution = operation as ConvolutionOperation;
        return EngineWeightGeometry.BlockDepthOf(convolution?.WeightOrder ?? KernelWeightOrder.DepthFirst,
            operation.Ifm.ElementBytes * 8, convolution?.WeightForm.IsSparse == true, operation.MicroBlock.Depth, accelerator.MacsPerCycle);
    }
}

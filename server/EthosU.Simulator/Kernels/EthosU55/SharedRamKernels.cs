using EthosU.Npu.Operations;

namespace EthosU.Simulator;

/// <summary>The operations of the Ethos-U55 and U65.</summary>
internal sealed class SharedRamKernels(Execution run) : IKernels
{
    /// <inheritdoc/>
    public void Run(KernelOperation operation)
    {
        switch (operation)
        {
            case ConvolutionOperation convolution:
                ConvolutionKernel.Run(run, convolution);
                break;
            case PoolingOperation pooling:
                PoolingKernel.Run(run, pooling);
                break;
            case ElementwiseOperation elementwise:
                ElementwiseKernel.Run(run, elementwise);
                break;
        }
    }

    /// <inheritdoc/>
    public void CheckTable(KernelOperation operation) => _ = new OutputStage(run, operation);
}

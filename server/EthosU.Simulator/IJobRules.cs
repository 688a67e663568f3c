using EthosU.Npu.Operations;
using EthosU.Npu.Targets;

namespace EthosU.Simulator;

/// <summary>What an architecture works on at once, as far as dependencies of kernels are concerned (npu-commands 8.3).</summary>
internal interface IJobRules
{
    /// <summary>Unit of the input in which it is fetched.</summary>
    BlockShape InputUnit(Accelerator accelerator);

    /// <summary>Channels of the input of a job of an operation that sums over them.</summary>
    int InputSlice(KernelOperation operation, Accelerator accelerator);
}

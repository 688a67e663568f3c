using EthosU.Npu.Operations;

namespace EthosU.Simulator;

/// <summary>What an architecture's operations compute. Each run has its own.</summary>
internal interface IKernels
{
    /// <summary>Executes an operation.</summary>
    void Run(KernelOperation operation);

    /// <summary>Goes through what an operation does to the memory of tables, without computing.</summary>
    void CheckTable(KernelOperation operation);
}

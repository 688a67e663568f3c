using EthosU.Npu.Operations;

namespace EthosU.Simulator;

/// <summary>What an architecture asks of its operations: blocks, memories, types. Each run has its own.</summary>
internal interface IKernelRules
{
    /// <summary>What is wrong with the next operation of the stream, with the rules.</summary>
    IEnumerable<(string Rule, string Description)> Problems(KernelOperation operation);
}

using EthosU.Npu.Targets;

namespace EthosU.Npu.Performance;

/// <summary>How long an architecture's arithmetic takes for an operation.</summary>
internal interface IKernelCycles
{
    /// <summary>Cycles of an operation, before waiting for memory and weights.</summary>
    /// <param name="op">The operation.</param>
    /// <param name="target">The target.</param>
    /// <param name="model">The model.</param>
    long Estimate(OperationProfile op, Target target, CycleModel model);
}

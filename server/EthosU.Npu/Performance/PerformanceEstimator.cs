using EthosU.Npu.Commands;
using EthosU.Npu.Operations;
using EthosU.Npu.Targets;

namespace EthosU.Npu.Performance;

/// <summary>Estimates the time of command streams by the published cycle model (npu-scheduling 5), with copies beside kernels.</summary>
public static class PerformanceEstimator
{
    /// <summary>The time of the operations of a stream, in their order.</summary>
    /// <param name="operations">Operations as <see cref="OperationReader"/> finds them.</param>
    /// <param name="target">What the stream was made for.</param>
    public static NetworkEstimate Estimate(IEnumerable<StreamOperation> operations, Target target) =>
        NetworkEstimator.EstimateBeside(StreamProfiles.Of(operations, target), target);
}

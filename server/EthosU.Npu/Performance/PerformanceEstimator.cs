using EthosU.Npu.Commands;
using EthosU.Npu.Targets;

namespace EthosU.Npu.Performance;

/// <summary>Estimates the time of command streams by the published cycle model, that of Vela 5 (npu-scheduling 5).</summary>
public static class PerformanceEstimator
{
    /// <summary>The time of the operations of a stream, in their order.</summary>
    /// <param name="operations">Operations as <see cref="OperationReader"/> finds them.</param>
    /// <param name="target">What the stream was made for.</param>
    public static NetworkEstimate Estimate(IEnumerable<StreamOperation> operations, Target target) =>
        NetworkEstimator.Estimate(StreamProfiles.Of(operations, target), target);
}

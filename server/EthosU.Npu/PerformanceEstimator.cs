using EthosU.Npu.Architectures;
using EthosU.Npu.Commands;
using EthosU.Npu.Operations;
using EthosU.Npu.Performance;
using EthosU.Npu.Targets;

namespace EthosU.Npu;

/// <summary>Estimates the time of command streams by the published cycle model, that of Vela 5 (npu-scheduling 5).</summary>
public static class PerformanceEstimator
{
    /// <summary>The time of the operations of a stream, in their order.</summary>
    /// <param name="operations">Operations as <see cref="ICommandFormat.Read"/> finds them.</param>
    /// <param name="target">What the stream was made for.</param>
    public static NetworkEstimate Estimate(IEnumerable<StreamOperation> operations, Target target)
    {
        NpuArchitecture architecture = NpuArchitecture.Of(target.Accelerator);
        return new NetworkEstimator(target, architecture.Cycles)
            .Estimate(StreamProfiles.Of(operations, target, architecture.Blocks));
    }
}

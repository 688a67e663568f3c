using EthosU.Npu.Performance;
using EthosU.Npu.Targets;

namespace EthosU.Pipeline.Compiling;

/// <summary>What passes a memory in one run of a compiled network.</summary>
/// <param name="Memory">The memory.</param>
/// <param name="FeatureMapBytes">Bytes of feature maps read and written.</param>
/// <param name="WeightBytes">Bytes of weights and scales read and copied.</param>
/// <param name="BytesPerSecond">The average rate.</param>
public sealed record TrafficReport(string Memory, long FeatureMapBytes, long WeightBytes, double BytesPerSecond)
{
    internal static TrafficReport Of(MemoryKind memory, NetworkEstimate estimate)
    {
        MemoryTraffic traffic = estimate.Traffic(memory);
        return new(memory.ToString(), (long)(traffic.FeatureMapRead + traffic.FeatureMapWritten),
            (long)(traffic.WeightsRead + traffic.WeightsWritten), estimate.BytesPerSecond(memory));
    }
}

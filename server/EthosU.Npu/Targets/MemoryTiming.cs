namespace EthosU.Npu.Targets;

/// <summary>How fast a memory is, seen from the accelerator (npu-scheduling 3.13).</summary>
/// <param name="ClockScale">Share of the port's full rate that the memory sustains, above 0 to 1.</param>
/// <param name="BurstLength">Bytes of the smallest transfer that is efficient.</param>
/// <param name="ReadLatency">Cycles from a request to its data.</param>
/// <param name="WriteLatency">Cycles until a write is done.</param>
/// <param name="PortsUsed">AXI ports that share the traffic.</param>
public readonly record struct MemoryTiming(double ClockScale, int BurstLength, int ReadLatency, int WriteLatency, int PortsUsed = 1);

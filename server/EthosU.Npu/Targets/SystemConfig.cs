namespace EthosU.Npu.Targets;

/// <summary>The system around the accelerator: its clock and the memories at its two ports (npu-scheduling 3.13).</summary>
/// <param name="Name">Name without the prefix <c>System_Config.</c>.</param>
/// <param name="CoreClock">Clock in hertz.</param>
/// <param name="Axi0">Memory at port AXI0.</param>
/// <param name="Axi1">Memory at port AXI1.</param>
/// <param name="Axi0Timing">Timing of the memory at AXI0.</param>
/// <param name="Axi1Timing">Timing of the memory at AXI1.</param>
public sealed record SystemConfig(
    string Name, double CoreClock, MemoryKind Axi0, MemoryKind Axi1, MemoryTiming Axi0Timing, MemoryTiming Axi1Timing)
{
    /// <summary>The memory at a port.</summary>
    public MemoryKind MemoryAt(AxiPort port) => port == AxiPort.Axi0 ? Axi0 : Axi1;

    /// <summary>The timing of the memory at a port.</summary>
    public MemoryTiming TimingAt(AxiPort port) => port == AxiPort.Axi0 ? Axi0Timing : Axi1Timing;
}

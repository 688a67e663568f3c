namespace EthosU.Pipeline.Compiling;

/// <summary>A point of the curve of memory against cycles.</summary>
/// <param name="Limit">The <c>--arena-cache-size</c> that leads to it.</param>
/// <param name="MemoryBytes">Bytes of the memory that are used.</param>
/// <param name="SramBytes">Bytes of SRAM that are used.</param>
/// <param name="Cycles">Estimated cycles of the NPU's clock.</param>
/// <param name="Milliseconds">Time of one run, of the NPU only.</param>
public sealed record FrontierPointReport(long Limit, long MemoryBytes, long SramBytes, long Cycles, double Milliseconds);

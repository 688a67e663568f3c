namespace EthosU.Npu;

/// <summary>What a model can be compiled to.</summary>
/// <param name="MemoryBytes">Bytes of the arena, or of the fast memory beside it where the memory mode has one.</param>
/// <param name="Cycles">Estimated cycles of the NPU.</param>
public readonly record struct FrontierPoint(long MemoryBytes, long Cycles);

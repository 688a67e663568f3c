using EthosU.Npu.Targets;

namespace EthosU.Pipeline.Targets;

/// <summary>What an NPU and its surroundings are, in names and figures.</summary>
/// <param name="Accelerator">Name of the accelerator, such as <c>ethos-u55-128</c>.</param>
/// <param name="SystemConfig">Name of the system configuration.</param>
/// <param name="MemoryMode">Name of the memory mode.</param>
/// <param name="CoreClock">Clock in hertz.</param>
/// <param name="ConstMemory">Where weights, constants and commands lie.</param>
/// <param name="ArenaMemory">Where the tensor arena lies.</param>
/// <param name="CacheMemory">Where the fast memory lies.</param>
/// <param name="HasFastMemory">True if there is fast memory beside the arena.</param>
/// <param name="FastMemoryLimit">Bytes of it, not to be exceeded; where there is none, bytes of the arena.</param>
public sealed record TargetSummary(string Accelerator, string SystemConfig, string MemoryMode, double CoreClock,
    string ConstMemory, string ArenaMemory, string CacheMemory, bool HasFastMemory, long FastMemoryLimit)
{
    /// <summary>Accelerator, system configuration and memory mode in one line.</summary>
    public override string ToString() => $"{Accelerator}, {SystemConfig}, {MemoryMode}";

    internal static TargetSummary Of(Target target) =>
        new(target.Accelerator.Name, target.System.Name, target.MemoryMode.Name, target.System.CoreClock,
        target.ConstMemory.ToString(), target.ArenaMemory.ToString(), target.CacheMemory.ToString(), target.IsSpilling,
        target.ArenaCacheSize);
}

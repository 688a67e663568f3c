using EthosU.Graphs;

namespace EthosU.Npu.Targets;

/// <summary>
/// What is compiled for: an accelerator, the system around it and the use of its memories; known not to contradict itself.
/// Made by <see cref="TargetCatalog.Resolve"/>.
/// </summary>
public sealed class Target
{
    private readonly MemoryTiming[] timings = new MemoryTiming[4];

    internal Target(Accelerator accelerator, SystemConfig system, MemoryMode mode, long arenaCacheSize)
    {
        Accelerator = accelerator;
        System = system;
        MemoryMode = mode;
        ArenaCacheSize = arenaCacheSize;
        timings[(int)system.Axi1] = system.Axi1Timing;
        timings[(int)system.Axi0] = system.Axi0Timing;
        ArenaMemory = system.MemoryAt(mode.ArenaPort);
        CacheMemory = system.MemoryAt(mode.CachePort);
        ConstMemory = system.MemoryAt(mode.ConstPort);
    }

    /// <summary>The accelerator.</summary>
    public Accelerator Accelerator { get; }

    /// <summary>The system around it.</summary>
    public SystemConfig System { get; }

    /// <summary>The use of the memories.</summary>
    public MemoryMode MemoryMode { get; }

    /// <summary>
    /// Bytes of the cache where <see cref="IsSpilling"/> (not to be exceeded), otherwise of the arena (worth a warning if
    /// exceeded); the accelerator's address range if not limited.
    /// </summary>
    public long ArenaCacheSize { get; }

    /// <summary>Memory of weights, scales and command stream; <see cref="MemoryKind.Sram"/> only where everything lies in it.</summary>
    public MemoryKind ConstMemory { get; }

    /// <summary>Memory of the tensor arena.</summary>
    public MemoryKind ArenaMemory { get; }

    /// <summary>Memory of weight buffers, rolling buffers and, when spilling, of tensors that fit.</summary>
    public MemoryKind CacheMemory { get; }

    /// <summary>True if the cache is a memory of its own, faster than the arena ("dedicated SRAM").</summary>
    public bool IsSpilling => CacheMemory == MemoryKind.Sram && MemoryMode.CachePort != MemoryMode.ArenaPort;

    /// <summary>True if weights gain from being copied to the cache before use.</summary>
    public bool ConstantsAreSlow => ConstMemory is MemoryKind.Dram or MemoryKind.OffChipFlash;

    /// <summary>Refuses what models cannot be compiled for.</summary>
    /// <exception cref="UnsupportedModelException">The accelerator is one whose compiled files can be run and read only.</exception>
    public void RequireCompiler()
    {
        if (!Accelerator.Family.CanCompile)
            throw new UnsupportedModelException([new(TargetRules.NoCompiler, FindingSeverity.Error,
                $"Models cannot be compiled for {Accelerator.Name} yet; files that are compiled for it can be run, inspected and "
                    + "disassembled.",
                $"Choose one of: {string.Join(", ", Targets.Accelerator.Compilable.Select(static one => one.Name))}.", Source.None)]);
    }

    /// <summary>The timing of a memory of this system.</summary>
    /// <exception cref="ArgumentException">The system has no such memory.</exception>
    public MemoryTiming Timing(MemoryKind memory) => Has(memory)
        ? timings[(int)memory]
        : throw new ArgumentException($"the system configuration {System.Name} has no {memory}", nameof(memory));

    /// <summary>True if the system has a memory of this kind.</summary>
    public bool Has(MemoryKind memory) => timings[(int)memory].ClockScale > 0;

    /// <summary>Bytes per cycle that a memory of this system delivers.</summary>
    /// <exception cref="ArgumentException">The system has no such memory.</exception>
    public double BytesPerCycle(MemoryKind memory)
    {
        MemoryTiming timing = Timing(memory);
        return Accelerator.AxiBytesPerCycle * timing.ClockScale * timing.PortsUsed;
    }

    /// <summary>Accelerator, system configuration and memory mode.</summary>
    public override string ToString() => $"{Accelerator.Name}, {System.Name}, {MemoryMode.Name}";
}

namespace EthosU.Npu.Targets;

/// <summary>Kinds of memory that an AXI port leads to, in the order of reports.</summary>
public enum MemoryKind
{
    /// <summary>Fast memory on the chip.</summary>
    Sram,
    /// <summary>Large memory outside the chip, readable and writable.</summary>
    Dram,
    /// <summary>Read-only memory on the chip.</summary>
    OnChipFlash,
    /// <summary>Read-only memory outside the chip.</summary>
    OffChipFlash,
}

using System.Collections.Immutable;

namespace EthosU.Npu.Targets;

/// <summary>
/// What the accelerators of a family have in common: whoever must know asks for the ability, not for the name (npu-scheduling 1).
/// </summary>
public sealed record ProductFamily
{
    private ProductFamily()
    {
    }

    /// <summary>The command interface that it understands.</summary>
    public required NpuProduct Product { get; init; }

    /// <summary>Name for people: <c>Ethos-U55</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Bits of an address in a region; addresses of more than 32 bits are stored with their upper part.</summary>
    public required int AddressBits { get; init; }

    /// <summary>Bytes that an AXI port moves in a cycle.</summary>
    public required int AxiBytesPerCycle { get; init; }

    /// <summary>DMA commands that may be under way at once.</summary>
    public required int MaxOutstandingDma { get; init; }

    /// <summary>Largest block dependency that a kernel can have (npu-commands 8.3).</summary>
    public required int MaxBlockDependency { get; init; }

    /// <summary>Dimensions that a transfer can stride over, beside its bytes.</summary>
    public required int TransferDimensions { get; init; }

    /// <summary>True if transfers between memories may begin at and have any number of bytes.</summary>
    public required bool TransfersSingleBytes { get; init; }

    /// <summary>True if operations say how many cores share them.</summary>
    public required bool HasSeveralCores { get; init; }

    /// <summary>True if region registers have a bit for a custom DMA, which no standard part has.</summary>
    public required bool HasCustomDmaBit { get; init; }

    /// <summary>Version of the command stream's format, as the configuration word has it.</summary>
    public required int StreamVersion { get; init; }

    /// <summary>True if models can be compiled for it; streams of others are decoded and simulated all the same.</summary>
    public required bool CanCompile { get; init; }

    /// <summary>True if the time of its streams can be estimated.</summary>
    public required bool CanEstimate { get; init; }

    /// <summary>The system configuration that is meant where none is given.</summary>
    public required string DefaultSystemConfig { get; init; }

    /// <summary>The memory mode that is meant where none is given.</summary>
    public required string DefaultMemoryMode { get; init; }

    /// <summary>Ethos-U55: 32-bit addresses, one core.</summary>
    public static ProductFamily U55 { get; } = new()
    {
        Product = NpuProduct.U55,
        Name = "Ethos-U55",
        AddressBits = 32,
        AxiBytesPerCycle = 8,
        MaxOutstandingDma = 1,
        MaxBlockDependency = 3,
        TransferDimensions = 0,
        TransfersSingleBytes = false,
        HasSeveralCores = false,
        HasCustomDmaBit = true,
        StreamVersion = 0,
        CanCompile = true,
        CanEstimate = true,
        DefaultSystemConfig = "Ethos_U55_High_End_Embedded",
        DefaultMemoryMode = "Shared_Sram",
    };

    /// <summary>Ethos-U65: 40-bit addresses, one or two cores.</summary>
    public static ProductFamily U65 { get; } = new()
    {
        Product = NpuProduct.U65,
        Name = "Ethos-U65",
        AddressBits = 40,
        AxiBytesPerCycle = 16,
        MaxOutstandingDma = 2,
        MaxBlockDependency = 3,
        TransferDimensions = 2,
        TransfersSingleBytes = true,
        HasSeveralCores = true,
        HasCustomDmaBit = false,
        StreamVersion = 0,
        CanCompile = true,
        CanEstimate = true,
        DefaultSystemConfig = "Ethos_U65_Client_Server",
        DefaultMemoryMode = "Dedicated_Sram_384KB",
    };

    /// <summary>Ethos-U85: 40-bit addresses, several weight decoders (npu-u85 1.1).</summary>
    public static ProductFamily U85 { get; } = new()
    {
        Product = NpuProduct.U85,
        Name = "Ethos-U85",
        AddressBits = 40,
        AxiBytesPerCycle = 16,
        MaxOutstandingDma = 4,
        MaxBlockDependency = 7,
        TransferDimensions = 2,
        TransfersSingleBytes = true,
        HasSeveralCores = false,
        HasCustomDmaBit = false,
        StreamVersion = 1,
        CanCompile = false,
        CanEstimate = false,
        DefaultSystemConfig = "Ethos_U85_SYS_DRAM_Mid",
        DefaultMemoryMode = "Dedicated_Sram_384KB",
    };

    /// <summary>All families, the oldest first.</summary>
    public static ImmutableArray<ProductFamily> All { get; } = [U55, U65, U85];

    /// <summary>The family that understands a command interface.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is none.</exception>
    public static ProductFamily Of(NpuProduct product) =>
        All.FirstOrDefault(family => family.Product == product)
        ?? throw new ArgumentOutOfRangeException(nameof(product), product, "no known product");

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}

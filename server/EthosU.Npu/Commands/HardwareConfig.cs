using EthosU.Npu.Targets;

namespace EthosU.Npu.Commands;

/// <summary>The configuration word of a payload: the accelerator that its stream is for (npu-commands 2.3).</summary>
/// <param name="Word">All 32 bits.</param>
public readonly record struct HardwareConfig(uint Word)
{
    /// <summary>The word of an accelerator.</summary>
    /// <param name="product">U55 or U65.</param>
    /// <param name="macsPerCycle">Multiply-accumulates per cycle of all cores together: 32 to 512.</param>
    /// <param name="sharedRamKilobytes">Shared RAM of all cores together in KB.</param>
    public static HardwareConfig Of(NpuProduct product, int macsPerCycle, int sharedRamKilobytes) =>
        new(((uint)product << 28) | ((uint)sharedRamKilobytes << 8) | (uint)int.Log2(macsPerCycle));

    /// <summary>The word of an accelerator of one engine (npu-u85 2.1).</summary>
    public static HardwareConfig Of(ProductFamily family, int macsPerCycle, EngineFacts engine) => new(((uint)family.Product << 28)
        | ((uint)int.Log2(engine.Decoders) << 12) | ((uint)int.Log2(engine.ExternalPorts) << 10) | ((uint)int.Log2(engine.SramPorts) << 8)
        | ((uint)family.StreamVersion << 4) | (uint)int.Log2(macsPerCycle));

    /// <summary>U55, U65 or U85; other numbers are no known product.</summary>
    public NpuProduct Product => (NpuProduct)(Word >> 28);

    /// <summary>Multiply-accumulates per cycle of all cores together.</summary>
    public int MacsPerCycle => 1 << (int)(Word & 0xF);

    /// <summary>Version of the command stream's format.</summary>
    public int StreamVersion => (int)(Word >> 4 & 0xF);

    /// <summary>Shared RAM of all cores together in KB.</summary>
    public int SharedRamKilobytes => (int)(Word >> 8 & 0xFF);

    /// <summary>True if the stream needs the custom DMA, which no standard part has.</summary>
    public bool NeedsCustomDma => (Word >> 27 & 1) != 0;

    /// <summary>Number of cores: 2 for the 512-MAC part.</summary>
    public int Cores => MacsPerCycle > 256 ? 2 : 1;

    /// <summary>The accelerator's name, such as <c>ethos-u55-128</c>; null if there is none of this configuration.</summary>
    public string? AcceleratorName
    {
        get
        {
            (HardwareConfig config, NpuProduct product, int macs) = (this, Product, MacsPerCycle);
            return Accelerator.All
                .FirstOrDefault(accelerator => accelerator.Family.Product == product && accelerator.MacsPerCycle == macs
                && (accelerator.Engine is not { } engine || Of(accelerator.Family, macs, engine) == config))?.Name;
        }
    }
}

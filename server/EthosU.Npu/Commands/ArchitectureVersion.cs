using EthosU.Npu.Targets;

namespace EthosU.Npu.Commands;

/// <summary>The id word of a payload: the version of the architecture that its stream is for (npu-commands 2.3).</summary>
/// <param name="Word">All 32 bits.</param>
public readonly record struct ArchitectureVersion(uint Word)
{
    /// <summary>Architecture 1.0.6, for which every known stream of an Ethos-U55 and U65 is built.</summary>
    public static ArchitectureVersion Standard => new(0x1006_0000);

    /// <summary>Architecture 2.0.0, product 7, for which every known stream of an Ethos-U85 is built (npu-u85 2.1).</summary>
    public static ArchitectureVersion EthosU85 => new(0x2000_7000);

    /// <summary>The version for which streams of a product are built.</summary>
    public static ArchitectureVersion Of(NpuProduct product) => product == NpuProduct.U85 ? EthosU85 : Standard;

    /// <summary>Major number of the architecture; a driver wants its hardware's.</summary>
    public int Major => (int)(Word >> 28);

    /// <summary>Minor number of the architecture; a driver wants no more than its hardware's.</summary>
    public int Minor => (int)(Word >> 20 & 0xFF);

    /// <summary>Patch number of the architecture.</summary>
    public int Patch => (int)(Word >> 16 & 0xF);

    /// <summary>The three numbers: <c>1.0.6</c>.</summary>
    public override string ToString() => $"{Major}.{Minor}.{Patch}";
}

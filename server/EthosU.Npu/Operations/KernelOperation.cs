using EthosU.Npu.Targets;

namespace EthosU.Npu.Operations;

/// <summary>An operation of the compute unit: everything but a DMA transfer.</summary>
public abstract record KernelOperation : StreamOperation
{
    /// <summary>The first input. Height and width of what is stored: half of what a kernel sees where there is upscaling.</summary>
    public required AddressedFeatureMap Ifm { get; init; }

    /// <summary>The output.</summary>
    public required AddressedFeatureMap Ofm { get; init; }

    /// <summary>Whether scales are per channel, from the scale stream, or global, from <see cref="OfmScale"/>.</summary>
    public OfmScaleMode ScaleMode { get; init; }

    /// <summary>The global scale; null if it is not used, and then not written.</summary>
    public FixedPointScale? OfmScale { get; init; }

    /// <summary>Rounding of the scaling to the output.</summary>
    public NpuRounding Rounding { get; init; }

    /// <summary>Activation function and limits.</summary>
    public required NpuActivation Activation { get; init; }

    /// <summary>The block of the output that is worked on at once.</summary>
    public required BlockShape Block { get; init; }

    /// <summary>Division of the shared RAM.</summary>
    public required SharedRamLayout SharedRam { get; init; }

    /// <summary>
    /// How many of the last jobs of the previous kernel may be unfinished when the first jobs start: 0 to 3 (npu-commands 8.3).
    /// </summary>
    public int BlockDependency { get; init; }

    /// <summary>Upscaling of the first input.</summary>
    public NpuUpscale Upscale { get; init; }

    /// <summary>Cores that share the operation: 1 or 2.</summary>
    public int Cores { get; init; } = 1;

    /// <summary>True if a lookup table is read.</summary>
    public bool UsesTable => Activation.Table is not null;
}

using EthosU.Npu.Targets;

namespace EthosU.Npu.Operations;

/// <summary>An operation of the compute unit: everything but a DMA transfer.</summary>
public abstract record KernelOperation : StreamOperation
{
    /// <summary>The first input. Height and width of what is stored: half of what a kernel sees where there is upscaling.</summary>
    public required AddressedFeatureMap Ifm { get; init; }

    /// <summary>The second input; null where there is none. Of a constant operand only type and zero point matter.</summary>
    public AddressedFeatureMap? Ifm2 { get; init; }

    /// <summary>The output as it is computed: before its axes are put in another order.</summary>
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

    /// <summary>Division of the shared RAM; without meaning where memories have fixed sizes.</summary>
    public SharedRamLayout SharedRam { get; init; }

    /// <summary>Unit of the output that is worked on at once, where an accelerator has several.</summary>
    public BlockShape MicroBlock { get; init; }

    /// <summary>What the accumulators begin with, and whether they are written (npu-u85 4.5).</summary>
    public AccumulatorUse Accumulators { get; init; }

    /// <summary>Scaling of the first input (npu-u85 4.8).</summary>
    public InputScale IfmScale { get; init; } = InputScale.Unit;

    /// <summary>Scaling of the second input (npu-u85 4.8).</summary>
    public InputScale Ifm2Scale { get; init; } = InputScale.Unit;

    /// <summary>How the output's axes are stored (npu-u85 5.3).</summary>
    public OutputOrder OutputOrder { get; init; }

    /// <summary>
    /// How many of the last jobs of the previous kernel may be unfinished when the first jobs start (npu-commands 8.3).
    /// </summary>
    public int BlockDependency { get; init; }

    /// <summary>Upscaling of the first input.</summary>
    public NpuUpscale Upscale { get; init; }

    /// <summary>Cores that share the operation: 1 or 2.</summary>
    public int Cores { get; init; } = 1;

    /// <summary>True if a lookup table is read.</summary>
    public bool UsesTable => Activation.Table is not null || Activation.TypedTable.IsUsed;

    /// <summary>The output as it lies in memory; null if nothing is written there.</summary>
    public AddressedFeatureMap? StoredOfm =>
        Accumulators.IsKeptUnwritten || Ofm.ChainBuffer is not null ? null : OutputOrder.Stored(Ofm);

    /// <summary>The feature maps that are read from memory, with what they are.</summary>
    public IEnumerable<(AddressedFeatureMap Map, string Name)> ReadMaps
    {
        get
        {
            if (ReadsIfm && Ifm.ChainBuffer is null)
                yield return (Ifm, "the input");
            if (ReadsIfm2 && Ifm2!.ChainBuffer is null)
                yield return (Ifm2, "the second input");
        }
    }

    /// <summary>True if the first input is a feature map whose elements count.</summary>
    public virtual bool ReadsIfm => true;

    /// <summary>True if there is a second input that is a feature map.</summary>
    public virtual bool ReadsIfm2 => Ifm2 is not null;
}

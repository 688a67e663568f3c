namespace EthosU.Simulator;

/// <summary>Ids of the rules that a command stream can break.</summary>
public static class ViolationRules
{
    /// <summary>Memory is read that nothing has written.</summary>
    public const string UnwrittenRead = "unwritten-read";

    /// <summary>An access outside of its region; the run ends there.</summary>
    public const string OutsideRegion = "outside-region";

    /// <summary>The read-only region is written; the run ends there.</summary>
    public const string ReadOnlyWrite = "read-only-write";

    /// <summary>A tensor is read after something else has been written over it.</summary>
    public const string TensorOverwritten = "tensor-overwritten";

    /// <summary>An operation writes a byte twice.</summary>
    public const string OverlappingWrite = "overlapping-write";

    /// <summary>An operation overwrites its own input before it has read it.</summary>
    public const string OverwritesInput = "overwrites-input";

    /// <summary>A kernel uses memory that a DMA transfer may still be working on, or the other way round.</summary>
    public const string MissingWait = "missing-wait";

    /// <summary>A kernel may start before the previous one has written what it reads.</summary>
    public const string BlockDependency = "block-dependency";

    /// <summary>The block configuration is not legal or does not fit the shared RAM.</summary>
    public const string SharedRam = "shared-ram";

    /// <summary>An address, stride or length is not a multiple of what it must be.</summary>
    public const string Alignment = "alignment";

    /// <summary>A lookup table is used that is not in the shared RAM.</summary>
    public const string TableNotLoaded = "table-not-loaded";

    /// <summary>Reserved bits of a command are set.</summary>
    public const string ReservedBits = "reserved-bits";

    /// <summary>The two inputs of an elementwise operation, or input and output of a pooling, have different types.</summary>
    public const string TypeMismatch = "type-mismatch";

    /// <summary>The operation needs more work or memory than allowed; the run ends there.</summary>
    public const string TooMuchWork = "too-much-work";

    /// <summary>The operation is one that is not known to be right on hardware; the run ends there.</summary>
    public const string Unsupported = "unsupported";
}

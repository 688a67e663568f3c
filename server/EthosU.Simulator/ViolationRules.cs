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

    /// <summary>A weight stream or a record of a scale is not as hardware expects it.</summary>
    public const string WeightStream = "weight-stream";

    /// <summary>A chaining buffer is read that the operation before has not filled, or another rule of chains is broken.</summary>
    public const string Chain = "chain";

    /// <summary>Accumulators are kept for an operation that cannot go on with them.</summary>
    public const string KeptAccumulators = "kept-accumulators";

    /// <summary>A sum does not fit the accumulators.</summary>
    public const string AccumulatorOverflow = "accumulator-overflow";

    /// <summary>A number lies outside of what a table, a shift or an index of a transfer allows.</summary>
    public const string OutOfRange = "out-of-range";

    /// <summary>An output is transposed or reversed as hardware cannot.</summary>
    public const string OutputOrder = "output-order";

    /// <summary>Registers hold what has no effect, or another one than a reader would think.</summary>
    public const string Ineffective = "ineffective";

    /// <summary>The two inputs of an elementwise operation, or input and output of a pooling, have different types.</summary>
    public const string TypeMismatch = "type-mismatch";

    /// <summary>The operation needs more work or memory than allowed; the run ends there.</summary>
    public const string TooMuchWork = "too-much-work";

    /// <summary>The operation is one that is not known to be right on hardware; the run ends there.</summary>
    public const string Unsupported = "unsupported";
}

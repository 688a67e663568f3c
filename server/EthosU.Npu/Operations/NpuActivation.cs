namespace EthosU.Npu.Operations;

/// <summary>What happens to a scaled result (npu-commands 6.4).</summary>
/// <param name="Function">0: limits only; 3: tanh; 4: sigmoid; 16 to 23: lookup table in slot 0 to 7.</param>
/// <param name="Min">Lower limit.</param>
/// <param name="Max">Upper limit.</param>
public readonly record struct NpuActivation(int Function, int Min, int Max)
{
    /// <summary>Number of the function tanh.</summary>
    public const int Tanh = 3;

    /// <summary>Number of the function sigmoid.</summary>
    public const int Sigmoid = 4;

    private const int FirstTable = 16;

    /// <summary>Range of a table's index if it is not that of the output: 0 none, 2 uint8, 3 int8, 5 int16.</summary>
    public int ClipRange { get; init; }

    /// <summary>The lookup table, where its kind is said (npu-u85 4.4).</summary>
    public TypedTable TypedTable { get; init; }

    /// <summary>True if the limits do not count.</summary>
    public bool IsUnlimited { get; init; }

    /// <summary>The slot of the lookup table; null if there is none.</summary>
    public int? Table => Function is >= FirstTable and < FirstTable + 8 ? Function - FirstTable : null;

    /// <summary>Limits alone.</summary>
    public static NpuActivation Clamp(int min, int max) => new(0, min, max);

    /// <summary>A lookup in the table of a slot, 0 to 7, behind the limits.</summary>
    public static NpuActivation Lookup(int slot, int min, int max) => new(FirstTable + slot, min, max);
}

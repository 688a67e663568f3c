namespace EthosU.Arithmetic;

/// <summary>(q − zero point) × 2^shift × factor of a stored value q, as 32-bit integer; by table for int8.</summary>
public readonly struct Rescaling
{
    private readonly int[]? table;
    private readonly Multiplier multiplier;
    private readonly int zero, shift;

    /// <summary>Prepares a rescaling.</summary>
    /// <param name="zero">The operand's zero point.</param>
    /// <param name="byTable">The operand is int8.</param>
    /// <param name="shift">To the left.</param>
    /// <param name="multiplier">The factor.</param>
    public Rescaling(int zero, bool byTable, int shift, Multiplier multiplier)
    {
        (this.zero, this.shift, this.multiplier) = (zero, shift, multiplier);
        if (!byTable)
            return;
        var values = new int[256];
        for (int q = -128; q < 128; q++)
            values[q + 128] = Compute(q);
        table = values;
    }

    /// <summary>The rescaled value.</summary>
    public int Apply(int q) => table is null ? Compute(q) : table[q + 128];

    private int Compute(int q) => multiplier.Apply((q - zero) << shift);
}

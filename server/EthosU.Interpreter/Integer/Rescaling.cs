using EthosU.Graphs;

namespace EthosU.Interpreter.Integer;

/// <summary>(q − zero point) × 2^shift × factor of a stored value q, as 32-bit integer; by table for 8-bit types.</summary>
internal readonly struct Rescaling
{
    private readonly int[]? table;
    private readonly Multiplier multiplier;
    private readonly int zero, shift;

    public Rescaling(Tensor tensor, int shift, Multiplier multiplier)
    {
        (zero, this.shift, this.multiplier) = (NodeFacts.ZeroPoint(tensor), shift, multiplier);
        if (tensor.Type != ElementType.Int8)
            return;
        var values = new int[256];
        for (int q = -128; q < 128; q++)
            values[q + 128] = Compute(q);
        table = values;
    }

    public int Apply(int q) => table is null ? Compute(q) : table[q + 128];

    private int Compute(int q) => multiplier.Apply((q - zero) << shift);
}

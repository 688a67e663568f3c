namespace EthosU.Graphs;

/// <summary>Rounds reals to a grid.</summary>
/// <param name="Min">Smallest real.</param>
/// <param name="Max">Largest real.</param>
/// <param name="Bits">Width of the grid.</param>
/// <param name="NarrowRange">Without the lowest value.</param>
public sealed record FakeQuant(float Min, float Max, int Bits, bool NarrowRange) : Operator
{
    /// <inheritdoc/>
    public override BuiltinCode Code => BuiltinCode.FakeQuant;
}

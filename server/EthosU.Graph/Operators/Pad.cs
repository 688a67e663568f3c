namespace EthosU.Graphs;

/// <summary>Surrounds with real zeros. Input 1: paddings [rank, 2].</summary>
public sealed record Pad : Operator
{
    /// <inheritdoc/>
    public override BuiltinCode Code => BuiltinCode.Pad;
}

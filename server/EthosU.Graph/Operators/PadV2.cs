namespace EthosU.Graphs;

/// <summary>Surrounds with the scalar of input 2. Input 1: paddings [rank, 2].</summary>
public sealed record PadV2 : Operator
{
    /// <inheritdoc/>
    public override BuiltinCode Code => BuiltinCode.Padv2;
}

namespace EthosU.Graphs;

/// <summary>Input 0 (bool) chooses between inputs 1 and 2, with broadcasting.</summary>
public sealed record SelectV2 : Operator
{
    /// <inheritdoc/>
    public override BuiltinCode Code => BuiltinCode.SelectV2;
}

namespace EthosU.Graphs;

/// <summary>Reverses the axes of input 1.</summary>
public sealed record ReverseV2 : Operator
{
    /// <inheritdoc/>
    public override BuiltinCode Code => BuiltinCode.ReverseV2;
}

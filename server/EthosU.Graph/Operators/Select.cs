namespace EthosU.Graphs;

/// <summary>Input 0 (bool) chooses between inputs 1 and 2, all of one shape.</summary>
public sealed record Select : Operator
{
    /// <inheritdoc/>
    public override BuiltinCode Code => BuiltinCode.Select;
}

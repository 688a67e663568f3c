namespace EthosU.Graphs;

/// <summary>The value of a resource variable.</summary>
public sealed record ReadVariable : Operator
{
    /// <inheritdoc/>
    public override BuiltinCode Code => BuiltinCode.ReadVariable;
}

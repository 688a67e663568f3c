namespace EthosU.Graphs;

/// <summary>Sets a resource variable.</summary>
public sealed record AssignVariable : Operator
{
    /// <inheritdoc/>
    public override BuiltinCode Code => BuiltinCode.AssignVariable;
}

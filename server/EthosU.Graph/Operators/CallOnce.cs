namespace EthosU.Graphs;

/// <summary>Runs a graph once, at initialisation.</summary>
/// <param name="Initializer">The graph.</param>
public sealed record CallOnce(Graph Initializer) : Operator
{
    /// <inheritdoc/>
    public override BuiltinCode Code => BuiltinCode.CallOnce;
}

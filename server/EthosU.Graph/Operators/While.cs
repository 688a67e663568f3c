namespace EthosU.Graphs;

/// <summary>Runs a graph as long as another says true.</summary>
/// <param name="Condition">Gives one bool.</param>
/// <param name="Body">Gives the next values.</param>
public sealed record While(Graph Condition, Graph Body) : Operator
{
    /// <inheritdoc/>
    public override BuiltinCode Code => BuiltinCode.While;
}

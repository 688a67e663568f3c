namespace EthosU.Graphs;

/// <summary>Runs one of two graphs, chosen by input 0.</summary>
/// <param name="Then">Run if true.</param>
/// <param name="Else">Run if false.</param>
public sealed record If(Graph Then, Graph Else) : Operator
{
    /// <inheritdoc/>
    public override BuiltinCode Code => BuiltinCode.If;
}

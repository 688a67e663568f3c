namespace EthosU.Graphs;

/// <summary>Zeros with updates at index tuples. Inputs: indices, updates, shape.</summary>
public sealed record ScatterNd : Operator
{
    /// <inheritdoc/>
    public override BuiltinCode Code => BuiltinCode.ScatterNd;
}

namespace EthosU.Graphs;

/// <summary>The inverse of SPACE_TO_BATCH_ND. Inputs: x, block shape [m], crops [m, 2].</summary>
public sealed record BatchToSpaceNd : Operator
{
    /// <inheritdoc/>
    public override BuiltinCode Code => BuiltinCode.BatchToSpaceNd;
}

namespace EthosU.Graphs;

/// <summary>Pads and moves pixel phases to the batch. Inputs: x, block shape [m], paddings [m, 2].</summary>
public sealed record SpaceToBatchNd : Operator
{
    /// <inheritdoc/>
    public override BuiltinCode Code => BuiltinCode.SpaceToBatchNd;
}

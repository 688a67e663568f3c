namespace EthosU.Graphs;

/// <summary>A tensor of the shape in input 0 filled with the scalar of input 1.</summary>
public sealed record Fill : Operator
{
    /// <inheritdoc/>
    public override BuiltinCode Code => BuiltinCode.Fill;
}

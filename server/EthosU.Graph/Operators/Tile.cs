namespace EthosU.Graphs;

/// <summary>Repeats along each axis. Input 1: multiples [rank].</summary>
public sealed record Tile : Operator
{
    /// <inheritdoc/>
    public override BuiltinCode Code => BuiltinCode.Tile;
}

namespace EthosU.Graphs;

/// <summary>Stacks inputs of equal shape along a new axis.</summary>
/// <param name="Axis">Position of the new axis; may count from the end.</param>
public sealed record Pack(int Axis) : Operator
{
    /// <inheritdoc/>
    public override BuiltinCode Code => BuiltinCode.Pack;
}

namespace EthosU.Graphs;

/// <summary>Takes a tensor apart along an axis, which disappears.</summary>
/// <param name="Axis">May count from the end.</param>
public sealed record Unpack(int Axis) : Operator
{
    /// <inheritdoc/>
    public override BuiltinCode Code => BuiltinCode.Unpack;
}

namespace EthosU.Graphs;

/// <summary>Slices along an axis picked by input 1.</summary>
/// <param name="Axis">May count from the end.</param>
/// <param name="BatchDims">Leading axes shared with the indices.</param>
public sealed record Gather(int Axis = 0, int BatchDims = 0) : Operator
{
    /// <inheritdoc/>
    public override BuiltinCode Code => BuiltinCode.Gather;
}

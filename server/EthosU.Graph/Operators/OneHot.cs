namespace EthosU.Graphs;

/// <summary>One-hot rows. Inputs: indices, depth, on value, off value.</summary>
/// <param name="Axis">Position of the new axis.</param>
public sealed record OneHot(int Axis = -1) : Operator
{
    /// <inheritdoc/>
    public override BuiltinCode Code => BuiltinCode.OneHot;
}

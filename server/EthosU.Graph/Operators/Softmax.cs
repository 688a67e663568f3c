namespace EthosU.Graphs;

/// <summary>Softmax over the last axis.</summary>
/// <param name="Beta">Factor of the exponent.</param>
public sealed record Softmax(float Beta = 1) : Operator
{
    /// <inheritdoc/>
    public override BuiltinCode Code => BuiltinCode.Softmax;
}

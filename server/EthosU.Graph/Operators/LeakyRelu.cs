namespace EthosU.Graphs;

/// <summary>x for x ≥ 0, alpha × x below.</summary>
/// <param name="Alpha">Slope below zero.</param>
public sealed record LeakyRelu(float Alpha) : Operator
{
    /// <inheritdoc/>
    public override BuiltinCode Code => BuiltinCode.LeakyRelu;
}

namespace EthosU.Graphs;

/// <summary>Sum of two or more inputs of equal shape.</summary>
public sealed record AddN : Operator
{
    /// <inheritdoc/>
    public override BuiltinCode Code => BuiltinCode.AddN;
}

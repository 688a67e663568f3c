namespace EthosU.Graphs;

/// <summary>The same bytes as another type.</summary>
public sealed record Bitcast : Operator
{
    /// <inheritdoc/>
    public override BuiltinCode Code => BuiltinCode.Bitcast;
}

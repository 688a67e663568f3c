namespace EthosU.Graphs;

/// <summary>Converts the element type; quantization is not considered.</summary>
public sealed record Cast : Operator
{
    /// <inheritdoc/>
    public override BuiltinCode Code => BuiltinCode.Cast;
}

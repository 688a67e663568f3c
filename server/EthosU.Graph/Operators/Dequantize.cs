namespace EthosU.Graphs;

/// <summary>Quantized to real.</summary>
public sealed record Dequantize : Operator
{
    /// <inheritdoc/>
    public override BuiltinCode Code => BuiltinCode.Dequantize;
}

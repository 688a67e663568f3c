namespace EthosU.Graphs;

/// <summary>Real or quantized to quantized, by the tensors' quantization.</summary>
public sealed record Quantize : Operator
{
    /// <inheritdoc/>
    public override BuiltinCode Code => BuiltinCode.Quantize;
}

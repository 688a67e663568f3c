namespace EthosU.Graphs;

/// <summary>[..., M, K] times [..., K, N] with broadcast batch axes.</summary>
/// <param name="AdjX">The first operand's last two axes are swapped.</param>
/// <param name="AdjY">The second operand's last two axes are swapped.</param>
/// <param name="AsymmetricQuantizeInputs">Hybrid kernels only.</param>
public sealed record BatchMatMul(bool AdjX = false, bool AdjY = false, bool AsymmetricQuantizeInputs = false) : Operator
{
    /// <inheritdoc/>
    public override BuiltinCode Code => BuiltinCode.BatchMatmul;
}

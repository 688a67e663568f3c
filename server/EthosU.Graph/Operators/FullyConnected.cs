namespace EthosU.Graphs;

/// <summary>x [..., K] times weights [units, K] transposed, plus an optional bias [units].</summary>
/// <param name="Activation">Clamp of the result.</param>
/// <param name="KeepNumDims">True: the output keeps x's rank; false: it is [rows, units].</param>
/// <param name="ShuffledWeights">Weights in the SHUFFLED4x16INT8 format.</param>
/// <param name="AsymmetricQuantizeInputs">Hybrid kernels only.</param>
/// <param name="QuantizedBiasType">16x8 only: type of bias and accumulator, null if not fixed.</param>
public sealed record FullyConnected(FusedActivation Activation = FusedActivation.None, bool KeepNumDims = false,
    bool ShuffledWeights = false, bool AsymmetricQuantizeInputs = false, ElementType? QuantizedBiasType = null) : Operator
{
    /// <inheritdoc/>
    public override FusedActivation Activation { get; init; } = Activation;

    /// <inheritdoc/>
    public override BuiltinCode Code => BuiltinCode.FullyConnected;
}

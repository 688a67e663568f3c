namespace EthosU.Graphs;

/// <summary>LSTM over a sequence; 24 inputs (tflite-format 6.4).</summary>
/// <param name="TimeMajor">x is [T, N, I]; otherwise [N, T, I].</param>
/// <param name="CellClip">0: none.</param>
/// <param name="ProjectionClip">0: none.</param>
/// <param name="Activation">Clamp of the result.</param>
/// <param name="AsymmetricQuantizeInputs">Hybrid kernels only.</param>
/// <param name="DiagonalRecurrentTensors">Recurrent weights are diagonals.</param>
public sealed record UnidirectionalSequenceLstm(bool TimeMajor, float CellClip = 0, float ProjectionClip = 0,
    FusedActivation Activation = FusedActivation.Tanh, bool AsymmetricQuantizeInputs = false, bool DiagonalRecurrentTensors = false)
        : Operator
{
    /// <inheritdoc/>
    public override FusedActivation Activation { get; init; } = Activation;

    /// <inheritdoc/>
    public override BuiltinCode Code => BuiltinCode.UnidirectionalSequenceLstm;
}

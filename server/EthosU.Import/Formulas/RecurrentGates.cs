namespace EthosU.Import.Formulas;

/// <summary>Where the gates of a cell lie in its weights.</summary>
public sealed record RecurrentGates
{
    /// <summary>LSTM: input, forget, cell, output (PyTorch: 0, 1, 2, 3; ONNX: 0, 2, 3, 1).</summary>
    public (int Input, int Forget, int Cell, int Output) Lstm { get; init; } = (0, 1, 2, 3);

    /// <summary>GRU: update, reset, candidate (PyTorch: 1, 0, 2; ONNX: 0, 1, 2).</summary>
    public (int Update, int Reset, int Candidate) Gru { get; init; } = (1, 0, 2);
}

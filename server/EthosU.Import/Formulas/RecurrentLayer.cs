using EthosU.Graphs;

namespace EthosU.Import.Formulas;

/// <summary>A recurrent layer of D directions, H hidden units and G gates over T steps of N sequences of width I.</summary>
/// <param name="Kind">Its cells.</param>
/// <param name="X">The sequences [T, N, I].</param>
/// <param name="InputWeights">[D, G H, I].</param>
/// <param name="StateWeights">[D, G H, H]; [D, G H, P] with a projection to P.</param>
public sealed record RecurrentLayer(RecurrentKind Kind, Tensor X, Tensor InputWeights, Tensor StateWeights)
{
    /// <summary>[D, 2 G H]: those of the input, then those of the state; null for 0.</summary>
    public Tensor? Bias { get; init; }

    /// <summary>[D, N, P], or [N, D, P] if <see cref="IsBatchFirst"/>; null for 0. P is H without a projection.</summary>
    public Tensor? InitialState { get; init; }

    /// <summary>The same of an LSTM's cell, [D, N, H] or [N, D, H].</summary>
    public Tensor? InitialCell { get; init; }

    /// <summary>[D, 3 H]: what the input, output and forget gates see of the cell; null for the usual LSTM.</summary>
    public Tensor? Peepholes { get; init; }

    /// <summary>LSTM: [D, P, H], what makes the state of the cell's output; null where that is the state itself.</summary>
    public Tensor? Projection { get; init; }

    /// <summary>Where the gates lie in the weights.</summary>
    public RecurrentGates Gates { get; init; } = new();

    /// <summary>The activation of simple cells, one for each direction.</summary>
    public IReadOnlyList<UnaryKind> Activations { get; init; } = [UnaryKind.Tanh, UnaryKind.Tanh];

    /// <summary>GRU: the reset gate is applied behind the state's weights (as PyTorch does).</summary>
    public bool ResetsLate { get; init; } = true;

    /// <summary>The only direction is from the last step to the first.</summary>
    public bool IsReverse { get; init; }

    /// <summary>Results and initial states begin with the sequence.</summary>
    public bool IsBatchFirst { get; init; }

    /// <summary>The states after all steps are wanted, not only the last.</summary>
    public bool WantsAll { get; init; } = true;

    /// <summary>The last cell states of an LSTM are wanted.</summary>
    public bool WantsCell { get; init; } = true;

    /// <summary>Steps.</summary>
    public int Steps => X.Shape[0];

    /// <summary>Sequences.</summary>
    public int Batch => X.Shape[1];

    /// <summary>Directions, one or two.</summary>
    public int Directions => InputWeights.Shape[0];

    /// <summary>Hidden units.</summary>
    public int Hidden => StateWeights.Shape[1] / GateCount;

    /// <summary>Width of the state: hidden units, or what they are projected to.</summary>
    public int StateWidth => StateWeights.Shape[2];

    /// <summary>Gates of a cell.</summary>
    public int GateCount => GatesOf(Kind);

    /// <summary>Gates of a kind of cells.</summary>
    public static int GatesOf(RecurrentKind kind) => kind switch { RecurrentKind.Lstm => 4, RecurrentKind.Gru => 3, _ => 1 };
}

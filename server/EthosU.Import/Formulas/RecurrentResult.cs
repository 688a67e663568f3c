using EthosU.Graphs;

namespace EthosU.Import.Formulas;

/// <summary>What a recurrent layer gives.</summary>
/// <param name="All">
/// The states after all steps [T, D, N, H], or [N, T, D, H] if the sequence comes first; null where they are not wanted.
/// </param>
/// <param name="Last">The states after the last step [D, N, H], or [N, D, H].</param>
/// <param name="LastCell">The same of an LSTM's cells; null where they are not computed.</param>
public sealed record RecurrentResult(Tensor? All, Tensor Last, Tensor? LastCell);

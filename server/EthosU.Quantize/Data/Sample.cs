using EthosU.Graphs;

namespace EthosU.Quantize.Data;

/// <summary>One sample of a data set.</summary>
/// <param name="Inputs">A value for each input of the source model, of its type and shape, preprocessed.</param>
/// <param name="Label">Number of the right class; null where the data have no labels.</param>
public sealed record Sample(TensorData[] Inputs, int? Label = null);

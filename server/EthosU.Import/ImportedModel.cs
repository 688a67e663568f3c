using System.Collections.Immutable;
using EthosU.Graphs;

namespace EthosU.Import;

/// <summary>A model that a front end has read.</summary>
/// <param name="Graph">
/// The network in real numbers; image inputs and outputs still in PyTorch's order. Behind the user's inputs and outputs stand those of
/// <see cref="States"/>. Constants that the model stores quantized
/// (weights of quantization-aware training) are reals that carry their <see cref="Tensor.Quantization"/>, per tensor or per axis,
/// in int8 terms: the stored integers are <c>round(value / scale) + zero point</c> exactly.
/// </param>
/// <param name="Findings">What a user should know about the import.</param>
/// <param name="Quantizations">
/// Quantization that the model brings along for values computed at run time, one scale and zero point each, by the value's name in its
/// file: look a tensor up by its <see cref="Tensor.Origin"/>. Zero points are in int8 terms (128 less than stored for uint8).
/// Empty for models without quantizers.
/// </param>
public sealed record ImportedModel(Graph Graph, ImmutableArray<Finding> Findings, ImmutableDictionary<string, Quantization> Quantizations)
{
    /// <summary>The files beside the model from which its constants were read, in full; they are inputs as the model itself is.</summary>
    public ImmutableArray<string> DataFiles { get; init; } = [];

    /// <summary>What the network keeps from one inference to the next.</summary>
    public ImmutableArray<ImportedState> States { get; init; } = [];
}

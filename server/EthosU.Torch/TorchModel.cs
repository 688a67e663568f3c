using System.Collections.Immutable;
using EthosU.Graphs;

namespace EthosU.Torch;

/// <summary>An imported program.</summary>
/// <param name="Graph">
/// The network in real numbers; image inputs and outputs still in PyTorch's order. Its inputs are the user's, by their paths, and then one
/// for each buffer that the network changes; its outputs likewise. Constants that are stored quantized are reals that carry their
/// <see cref="Tensor.Quantization"/>, per tensor or per axis: the stored integers are <c>round(value / scale) + zero point</c> exactly.
/// </param>
/// <param name="Findings">What a user should know about the import.</param>
/// <param name="Quantizations">
/// Quantization that the program brings along for values computed at run time, one scale and zero point each, by the value's name in the
/// program: look a tensor up by its <see cref="Tensor.Origin"/>. Zero points are in int8 terms (128 less than stored for uint8).
/// Empty for programs without quantizers.
/// </param>
public sealed record TorchModel(Graph Graph, ImmutableArray<Finding> Findings, ImmutableDictionary<string, Quantization> Quantizations)
{
    /// <summary>The buffers that the network changes.</summary>
    public ImmutableArray<TorchState> States { get; init; } = [];
}

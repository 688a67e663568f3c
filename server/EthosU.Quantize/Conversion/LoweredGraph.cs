using EthosU.Graphs;
using EthosU.Quantize.Ranges;

namespace EthosU.Quantize.Conversion;

/// <summary>A graph made of operators that have integer kernels where possible.</summary>
/// <param name="Graph">The graph.</param>
/// <param name="Ranges">Ranges of tensors that calibration does not know, because they are new.</param>
/// <param name="Pinned">Tensors whose range does the clamping of an operator that was removed: no other tensor may widen it.</param>
internal sealed record LoweredGraph(Graph Graph, IReadOnlyDictionary<Tensor, ValueRange> Ranges, IReadOnlySet<Tensor> Pinned)
{
    /// <summary>Tensors whose quantization the model brings along.</summary>
    public IReadOnlySet<Tensor> Trained { get; init; } = new HashSet<Tensor>();

    /// <summary>Operators that compute in 16 bits, because an operand of theirs has values of very different sizes.</summary>
    public IReadOnlySet<Node> Wide { get; init; } = new HashSet<Node>();

    /// <summary>
    /// Clamps that the quantization of their result does, by the last node of a chain of them: see <see cref="SaturatingClamps"/>.
    /// </summary>
    public IReadOnlyDictionary<Node, (Tensor Operand, Node[] Before)> Saturating { get; init; } = new Dictionary<Node, (Tensor, Node[])>();
}

using System.Collections.Immutable;
using EthosU.Graphs;

namespace EthosU.Quantize.Accuracy;

/// <summary>Choices of a search for a more accurate quantization.</summary>
public sealed record FixOptions
{
    /// <summary>The options to start from.</summary>
    public QuantizeOptions Start { get; init; } = new();

    /// <summary>The model as it is quantized now, with the float graph's inputs and outputs; null if there is none yet.</summary>
    public Graph? Given { get; init; }

    /// <summary>Layers, by the name of their result, that stay in 8 bits: those that an NPU runs in 8 bits only, for example.</summary>
    public ImmutableHashSet<string> Narrow { get; init; } = [];

    /// <summary>At most this share of the layers, 0 to 1, computes in 16 bits: they cost time and memory.</summary>
    public double WidestShare { get; init; } = 0.5;
}

using System.Collections.Immutable;
using EthosU.Interpreter;

namespace EthosU.Quantize;

/// <summary>Choices of the quantization.</summary>
public sealed record QuantizeOptions
{
    /// <summary>Number format.</summary>
    public Precision Precision { get; init; } = Precision.Int8;

    /// <summary>How much time is taken for accuracy.</summary>
    public Effort Effort { get; init; } = Effort.Normal;

    /// <summary>Type of inputs and outputs.</summary>
    public EdgeType Io { get; init; } = EdgeType.Quantized;

    /// <summary>
    /// Scales channels of neighbouring layers against each other before weights are quantized, so that their ranges are alike.
    /// </summary>
    public bool Equalize { get; init; }

    /// <summary>Adds to each bias the mean error that the rounding of the layer's weights causes.</summary>
    public bool CorrectBias { get; init; } = true;

    /// <summary>Layers, by name of the node or of its result, that compute with 16-bit activations in an 8-bit model.</summary>
    public ImmutableHashSet<string> Int16Layers { get; init; } = [];

    /// <summary>
    /// Recurrent layers that run step by step compute with 16-bit activations in an 8-bit model: in 8 bits the rounding errors of all
    /// steps add up.
    /// </summary>
    public bool WideRecurrentState { get; init; } = true;

    /// <summary>What may be spent on computing constants; null: as much as for a small model.</summary>
    public FoldingBudget? Folding { get; init; }

    /// <summary>
    /// Fully connected layers, by name of the node or of its result, whose weights get a scale for each unit. Ethos-U55 and U65 take one
    /// scale for all of them only, and leave other layers to the CPU.
    /// </summary>
    public ImmutableHashSet<string> PerChannelLayers { get; init; } = [];
}

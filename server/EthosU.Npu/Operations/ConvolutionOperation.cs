using System.Collections.Immutable;

namespace EthosU.Npu.Operations;

/// <summary><c>NPU_OP_CONV</c> or <c>NPU_OP_DEPTHWISE</c> (npu-commands 7.3).</summary>
public sealed record ConvolutionOperation : WindowOperation
{
    /// <summary>True if channel c of the output depends on channel c of the input only.</summary>
    public required bool IsDepthwise { get; init; }

    /// <summary>Order of the weights; depth first for depthwise.</summary>
    public KernelWeightOrder WeightOrder { get; init; }

    /// <summary>Form of the weight streams (npu-u85 7.1).</summary>
    public WeightForm WeightForm { get; init; }

    /// <summary>True if the second input is the weights (npu-u85 4.6).</summary>
    public bool HasRunTimeWeights { get; init; }

    /// <summary>Region of the weight streams.</summary>
    public required int WeightRegion { get; init; }

    /// <summary>The compressed weights, a stream for each core.</summary>
    public required ImmutableArray<StreamRange> Weights { get; init; }

    /// <summary>Region of the scale streams.</summary>
    public required int ScaleRegion { get; init; }

    /// <summary>Biases and scales, a stream for each core.</summary>
    public required ImmutableArray<StreamRange> Scales { get; init; }

    /// <inheritdoc/>
    public bool Equals(ConvolutionOperation? other) =>
        base.Equals(other) && IsDepthwise == other.IsDepthwise && WeightOrder == other.WeightOrder
        && WeightForm == other.WeightForm && HasRunTimeWeights == other.HasRunTimeWeights
        && WeightRegion == other.WeightRegion && ScaleRegion == other.ScaleRegion
        && Weights.AsSpan().SequenceEqual(other.Weights.AsSpan()) && Scales.AsSpan().SequenceEqual(other.Scales.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), IsDepthwise, WeightRegion, ScaleRegion);
}

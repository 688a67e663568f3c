using System.Collections.Immutable;
using EthosU.Pipeline.Inspecting;
using EthosU.Pipeline.Reports;

namespace EthosU.Pipeline.Converting;

/// <summary>What a conversion did: what <c>ethosu convert --report</c> writes.</summary>
public sealed record ConvertReport
{
    /// <summary>The converted file, as the user named it.</summary>
    public required string Model { get; init; }

    /// <summary>The file written; absent if the model is refused.</summary>
    public string? Output { get; init; }

    /// <summary>True if no file was written; the findings of severity <c>error</c> say why.</summary>
    public bool Refused { get; init; }

    /// <summary><c>int8</c>, <c>int16x8</c> or <c>float32</c>.</summary>
    public required string Precision { get; init; }

    /// <summary>Bytes of the file written.</summary>
    public long? Bytes { get; init; }

    /// <summary>How ranges were found; absent without quantization.</summary>
    public CalibrationReport? Calibration { get; init; }

    /// <summary>Layers that were moved to 16 bits; absent where that was not asked for.</summary>
    public MixedReport? Mixed { get; init; }

    /// <summary>What the caller of the new model provides.</summary>
    public ImmutableArray<TensorDescription> Inputs { get; init; } = [];

    /// <summary>What the caller of the new model gets.</summary>
    public ImmutableArray<TensorDescription> Outputs { get; init; } = [];

    /// <summary>How many operators there are of each name, most frequent first.</summary>
    public ImmutableArray<OperatorCount> OperatorCounts { get; init; } = [];

    /// <summary>What a user should know.</summary>
    public ImmutableArray<FindingReport> Findings { get; init; } = [];
}

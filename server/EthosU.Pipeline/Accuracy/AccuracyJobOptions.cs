using System.Collections.Immutable;
using EthosU.Pipeline.Targets;
using EthosU.Quantize;
using EthosU.Quantize.Accuracy;

namespace EthosU.Pipeline.Accuracy;

/// <summary>Choices of a comparison of a quantized model with the float model it comes from.</summary>
public sealed record AccuracyJobOptions
{
    /// <summary>The file of the float model.</summary>
    public required string ModelPath { get; init; }

    /// <summary>The quantized TensorFlow Lite file made of it.</summary>
    public required string QuantizedPath { get; init; }

    /// <summary>The data to compare on, with labels where there are some.</summary>
    public required DataSet Data { get; init; }

    /// <summary>
    /// What symbolic sizes of the ONNX model become but the batch, which is that of the quantized model; by name, or by the input's name
    /// and the axis.
    /// </summary>
    public ImmutableDictionary<string, int> Sizes { get; init; } = ImmutableDictionary<string, int>.Empty;

    /// <summary>How thoroughly layers are compared.</summary>
    public AccuracyOptions Measure { get; init; } = new();

    /// <summary>Where to write the report; null: nowhere.</summary>
    public string? ReportPath { get; init; }

    /// <summary>Where to write a model with the changes that help; null: no changes are tried.</summary>
    public string? FixedPath { get; init; }

    /// <summary>The data on which ranges of the changed model are measured; null: the data to compare on.</summary>
    public DataSet? Calibration { get; init; }

    /// <summary>The options from which the changes start: those with which the quantized model was made.</summary>
    public QuantizeOptions Quantization { get; init; } = new();

    /// <summary>The NPU that the changed model is for: a layer that it runs in 8 bits only stays in 8 bits. Null: it is for none.</summary>
    public TargetChoice? Target { get; init; } = new();

    /// <summary>At most this share of the changed model's layers, 0 to 1, computes in 16 bits.</summary>
    public double Int16Share { get; init; } = new FixOptions().WidestShare;
}

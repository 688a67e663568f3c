using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Optimize;
using EthosU.Pipeline.Formats;
using EthosU.Pipeline.Targets;
using EthosU.Quantize;
using EthosU.Quantize.Calibration;
using EthosU.Quantize.Search;

namespace EthosU.Pipeline.Converting;

/// <summary>Choices of a conversion.</summary>
public sealed record ConvertOptions
{
    /// <summary>The file of the model to convert.</summary>
    public required string ModelPath { get; init; }

    /// <summary>The TensorFlow Lite file to write; null: beside the model, with its name.</summary>
    public string? OutputPath { get; init; }

    /// <summary>Where to write the report, also if the model is refused; null: nowhere.</summary>
    public string? ReportPath { get; init; }

    /// <summary>What a symbolic batch size of the model's inputs becomes.</summary>
    public int BatchSize { get; init; } = 1;

    /// <summary>What other symbolic sizes become, by name, or by the input's name and the axis: <c>image:2</c>.</summary>
    public ImmutableDictionary<string, int> Sizes { get; init; } = ImmutableDictionary<string, int>.Empty;

    /// <summary>Order of the axes of image inputs.</summary>
    public DataLayout InputLayout { get; init; } = DataLayout.Nhwc;

    /// <summary>Order of the axes of image outputs.</summary>
    public DataLayout OutputLayout { get; init; } = DataLayout.Nhwc;

    /// <summary>The data on which ranges are measured; not read for <see cref="Precision.Float32"/>.</summary>
    public DataSet Calibration { get; init; } = new();

    /// <summary>How ranges are chosen, and how many samples are used where the data set does not say.</summary>
    public CalibrationOptions Ranges { get; init; } = new();

    /// <summary>Number formats, and what is done against the loss of accuracy.</summary>
    public QuantizeOptions Quantization { get; init; } = new();

    /// <summary>How far layers are moved to 16 bits by what they gain and cost; null: none beyond those that are named.</summary>
    public MixedGoal? Mixed { get; init; }

    /// <summary>The NPU whose cycles count for that.</summary>
    public TargetChoice Target { get; init; } = new();

    /// <summary>Watches the passes over the graph; null: nobody does.</summary>
    public PassInstrumentation? Passes { get; init; }

    /// <summary>The file that is written.</summary>
    public string ResultPath => OutputPath ?? Path.ChangeExtension(ModelPath, ModelFormats.TfLite.Extension);
}

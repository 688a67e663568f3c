using System.Collections.Immutable;
using EthosU.Optimize;
using EthosU.Pipeline.Targets;
using EthosU.Quantize;

namespace EthosU.Pipeline.Checking;

/// <summary>Choices of a check.</summary>
public sealed record CheckOptions
{
    /// <summary>The model's file, of any kind.</summary>
    public required string ModelPath { get; init; }

    /// <summary>What it is to run on.</summary>
    public TargetChoice Target { get; init; } = new();

    /// <summary>What a symbolic batch size of a model's inputs becomes.</summary>
    public int BatchSize { get; init; } = 1;

    /// <summary>What other symbolic sizes become, by name, or by the input's name and the axis: <c>image:2</c>.</summary>
    public ImmutableDictionary<string, int> Sizes { get; init; } = ImmutableDictionary<string, int>.Empty;

    /// <summary>Order of the axes of an ONNX model's image inputs after conversion.</summary>
    public DataLayout InputLayout { get; init; } = DataLayout.Nhwc;

    /// <summary>Order of the axes of an ONNX model's image outputs after conversion.</summary>
    public DataLayout OutputLayout { get; init; } = DataLayout.Nhwc;

    /// <summary>Number formats to which an ONNX model would be quantized.</summary>
    public Precision Precision { get; init; } = Precision.Int8;
}

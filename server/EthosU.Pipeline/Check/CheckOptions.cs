using EthosU.Optimize;

namespace EthosU.Pipeline;

/// <summary>Choices of a check.</summary>
public sealed record CheckOptions
{
    /// <summary>The ONNX or TensorFlow Lite file.</summary>
    public required string ModelPath { get; init; }

    /// <summary>What it is to run on.</summary>
    public TargetChoice Target { get; init; } = new();

    /// <summary>What symbolic sizes of an ONNX model's inputs become.</summary>
    public int BatchSize { get; init; } = 1;

    /// <summary>Order of the axes of an ONNX model's image inputs after conversion.</summary>
    public DataLayout InputLayout { get; init; } = DataLayout.Nhwc;

    /// <summary>Order of the axes of an ONNX model's image outputs after conversion.</summary>
    public DataLayout OutputLayout { get; init; } = DataLayout.Nhwc;
}

namespace EthosU.Pipeline;

/// <summary>Choices of a conversion.</summary>
public sealed record ConvertOptions
{
    /// <summary>The ONNX file.</summary>
    public required string ModelPath { get; init; }

    /// <summary>The TensorFlow Lite file to write; null: beside the model, with its name.</summary>
    public string? OutputPath { get; init; }

    /// <summary>Where to write the report, also if the model is refused; null: nowhere.</summary>
    public string? ReportPath { get; init; }

    /// <summary>What the new model computes in.</summary>
    public Precision Precision { get; init; } = Precision.Int8;

    /// <summary>The file that is written.</summary>
    public string ResultPath => OutputPath ?? Path.ChangeExtension(ModelPath, ".tflite");
}

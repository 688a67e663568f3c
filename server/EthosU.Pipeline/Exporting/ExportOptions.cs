namespace EthosU.Pipeline.Exporting;

/// <summary>Choices of an export as a C array.</summary>
public sealed record ExportOptions
{
    /// <summary>The TensorFlow Lite file, compiled or not.</summary>
    public required string ModelPath { get; init; }

    /// <summary>The folder to write into; null: that of the model.</summary>
    public string? Folder { get; init; }
}

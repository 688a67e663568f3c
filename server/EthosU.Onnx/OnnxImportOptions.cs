namespace EthosU.Onnx;

/// <summary>Choices of the import.</summary>
/// <param name="BatchSize">What a symbolic size of an input becomes.</param>
public sealed record OnnxImportOptions(int BatchSize = 1);

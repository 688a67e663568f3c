using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Onnx;
using EthosU.TfLite;

namespace EthosU.Pipeline;

/// <summary>A model read from a file of either kind.</summary>
/// <param name="Path">The file, as the user named it.</param>
/// <param name="Format">Its kind, recognised by its content.</param>
/// <param name="Graph">The network.</param>
/// <param name="Findings">What a user should know about the reading.</param>
public sealed record ModelFile(string Path, ModelFormat Format, Graph Graph, ImmutableArray<Finding> Findings)
{
    private const int IdentifierOffset = 4;

    /// <summary>Reads an ONNX or a TensorFlow Lite file.</summary>
    /// <exception cref="ModelFormatException">It is damaged or neither.</exception>
    /// <exception cref="UnsupportedModelException">It holds nodes that cannot be expressed; all are named.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static ModelFile Read(string path, CancellationToken cancellation = default)
    {
        InputFile.Require(path, "a model, .onnx or .tflite");
        if (IsTfLite(path))
            return new(path, ModelFormat.TfLite, TfLiteReader.Read(path), []);
        OnnxModel model = OnnxReader.Read(path, null, cancellation);
        return new(path, ModelFormat.Onnx, model.Graph, model.Findings);
    }

    /// <summary>Reads a TensorFlow Lite file.</summary>
    /// <exception cref="ModelFormatException">It is damaged or of another kind.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static ModelFile ReadTfLite(string path)
    {
        InputFile.Require(path, "a TensorFlow Lite model (.tflite)");
        return new(path, ModelFormat.TfLite, TfLiteReader.Read(path), []);
    }

    // The name decides only where the content does not: a damaged .tflite is to be called that.
    private static bool IsTfLite(string path)
    {
        Span<byte> start = stackalloc byte[IdentifierOffset + 4];
        using FileStream stream = File.OpenRead(path);
        int read = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        return start[..read].EndsWith("TFL3"u8) || System.IO.Path.GetExtension(path).Equals(".tflite", StringComparison.OrdinalIgnoreCase);
    }
}

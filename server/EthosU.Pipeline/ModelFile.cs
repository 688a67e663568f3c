using System.Collections.Immutable;
using EthosU.Files;
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
        if (FormatOf(path) == ModelFormat.TfLite)
            return Load(path);
        OnnxModel model = OnnxReader.Read(path, null, cancellation);
        return new(path, ModelFormat.Onnx, model.Graph, model.Findings);
    }

    /// <summary>A TensorFlow Lite file's tensors in the file's order, to which a memory plan refers; empty for other files.</summary>
    public ImmutableArray<Tensor> FileTensors { get; init; } = [];

    /// <summary>Reads a TensorFlow Lite file.</summary>
    /// <exception cref="ModelFormatException">It is damaged or of another kind.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static ModelFile ReadTfLite(string path)
    {
        InputFile.Require(path, "a TensorFlow Lite model (.tflite)");
        return path.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase) && !IsTfLite(path)
            ? throw new ModelFormatException(path, "", "this is no TensorFlow Lite model; make one of an ONNX model with: ethosu convert MODEL.onnx")
            : Load(path);
    }

    private static ModelFile Load(string path)
    {
        Graph graph = TfLiteReader.Read(InputFile.ReadAllBytes(path, InputFile.LargestModel), path, out ImmutableArray<Tensor> tensors);
        return new(path, ModelFormat.TfLite, graph, []) { FileTensors = tensors };
    }

    /// <summary>The kind of a file, by its content.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static ModelFormat FormatOf(string path)
    {
        InputFile.Require(path, "a model, .onnx or .tflite");
        return IsTfLite(path) ? ModelFormat.TfLite : ModelFormat.Onnx;
    }

    // The name decides only where the content does not: a damaged .tflite is to be called that.
    private static bool IsTfLite(string path)
    {
        Span<byte> start = stackalloc byte[IdentifierOffset + 4];
        using FileStream stream = InputFile.OpenRead(path);
        int read = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        return start[..read].EndsWith("TFL3"u8) || System.IO.Path.GetExtension(path).Equals(".tflite", StringComparison.OrdinalIgnoreCase);
    }
}

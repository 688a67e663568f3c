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
    /// <param name="path">The file.</param>
    /// <param name="import">How an ONNX file is imported; its sizes count for a TensorFlow Lite file, too.</param>
    /// <param name="verify">False to read also a TensorFlow Lite graph that breaks rules of the representation, to show it.</param>
    /// <param name="cancellation">Stops the import.</param>
    /// <exception cref="ModelFormatException">It is damaged or neither.</exception>
    /// <exception cref="UnsupportedModelException">It holds nodes that cannot be expressed; all are named.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static ModelFile Read(string path, OnnxImportOptions? import = null, bool verify = true, CancellationToken cancellation = default)
    {
        if (FormatOf(path) == ModelFormat.TfLite)
            return Load(path, verify, import?.BatchSize ?? 1, import?.Sizes ?? ImmutableDictionary<string, int>.Empty);
        OnnxModel model = OnnxReader.Read(path, import, cancellation);
        return new(path, ModelFormat.Onnx, model.Graph, model.Findings);
    }

    /// <summary>A TensorFlow Lite file's tensors in the file's order, to which a memory plan refers; empty for other files.</summary>
    public ImmutableArray<Tensor> FileTensors { get; init; } = [];

    /// <summary>Reads a TensorFlow Lite file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="inputShapes">Shapes for inputs whose sizes the file leaves open; null: those that it stores.</param>
    /// <exception cref="ModelFormatException">It is damaged or of another kind.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static ModelFile ReadTfLite(string path, IReadOnlyList<Shape?>? inputShapes = null)
    {
        InputFile.Require(path, "a TensorFlow Lite model (.tflite)");
        return path.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase) && !IsTfLite(path)
            ? throw new ModelFormatException(path, "", "this is no TensorFlow Lite model; make one of an ONNX model with: ethosu convert MODEL.onnx")
            : Load(path, verify: true, inputShapes);
    }

    /// <summary>Reads a TensorFlow Lite file, with sizes for what it leaves open.</summary>
    /// <param name="path">The file.</param>
    /// <param name="batch">The batch, where it is open.</param>
    /// <param name="sizes">Other open sizes, by the input's name and the axis: <c>image:1</c>.</param>
    /// <exception cref="ModelFormatException">It is damaged or of another kind, or has no such size.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static ModelFile ReadTfLite(string path, int batch, ImmutableDictionary<string, int> sizes)
    {
        InputFile.Require(path, "a TensorFlow Lite model (.tflite)");
        return Load(path, verify: true, batch, sizes);
    }

    private static ModelFile Load(string path, bool verify, int batch, ImmutableDictionary<string, int> sizes)
    {
        ModelFile model = Load(path, verify);
        return batch == 1 && sizes.IsEmpty ? model : Load(path, verify, OpenSizes.Fix(path, model.Graph, batch, sizes));
    }

    private static ModelFile Load(string path, bool verify = true, IReadOnlyList<Shape?>? inputShapes = null)
    {
        Graph graph = TfLiteReader.Read(InputFile.ReadAllBytes(path, InputFile.LargestModel), path, out ImmutableArray<Tensor> tensors, verify, inputShapes);
        return new(path, ModelFormat.TfLite, graph, verify ? [] : Problems(graph)) { FileTensors = tensors };
    }

    /// <summary>What forbids to run or compile a graph that was read without being verified.</summary>
    private static ImmutableArray<Finding> Problems(Graph graph)
    {
        try
        {
            graph.Verify();
            return [];
        }
        catch (InvalidGraphException e)
        {
            return [new("model-damaged", FindingSeverity.Error, $"It can be shown, but neither run nor compiled: {e.Message}.", "Export or convert the model again.", Source.None)];
        }
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

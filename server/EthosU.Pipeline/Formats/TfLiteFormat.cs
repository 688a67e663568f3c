using System.Collections.Immutable;
using EthosU.Files;
using EthosU.Graphs;
using EthosU.TfLite;

namespace EthosU.Pipeline.Formats;

/// <summary>TensorFlow Lite: what is run, compiled and written.</summary>
internal sealed record TfLiteFormat : ModelFormat
{
    private const int IdentifierOffset = 4;

    /// <inheritdoc/>
    public override string Id => "tflite";

    /// <inheritdoc/>
    public override string Name => "TensorFlow Lite";

    /// <inheritdoc/>
    public override string Noun => "a TensorFlow Lite model";

    /// <inheritdoc/>
    public override string Extension => ".tflite";

    /// <inheritdoc/>
    public override bool NeedsConversion => false;

    internal override bool Recognises(ReadOnlySpan<byte> start) =>
        start.Length > IdentifierOffset && start[IdentifierOffset..].StartsWith("TFL3"u8);

    internal override ModelFile Read(string path, ReadOptions options, CancellationToken cancellation)
    {
        ModelFile model = Load(path, options.Verify, null);
        return options.BatchSize == 1 && options.Sizes.IsEmpty ? model
            : Load(path, options.Verify, OpenSizes.Fix(path, model.Graph, options.BatchSize, options.Sizes));
    }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="verify">False to read also a graph that breaks rules of the representation; a finding says so.</param>
    /// <param name="inputShapes">Shapes for inputs whose sizes the file leaves open; null: those that it stores.</param>
    /// <exception cref="ModelFormatException">It is damaged or of another kind.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    internal ModelFile Load(string path, bool verify, IReadOnlyList<Shape?>? inputShapes)
    {
        byte[] content = InputFile.ReadAllBytes(path, InputFile.LargestModel);
        Graph graph = TfLiteReader.Read(content, path, out ImmutableArray<Tensor> tensors, verify, inputShapes);
        return new(path, this, graph, verify ? [] : Problems(graph)) { FileTensors = tensors };
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
            return [new("model-damaged", FindingSeverity.Error, $"It can be shown, but neither run nor compiled: {e.Message}.",
                "Export or convert the model again.", Source.None)];
        }
    }
}

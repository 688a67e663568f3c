using EthosU.Graphs;
using EthosU.Quantize.Reference;

namespace EthosU.Pipeline.Formats;

/// <summary>
/// A kind of model file: all that the engine knows about it, but for the reading itself. <see cref="ModelFormats"/> lists them.
/// </summary>
public abstract record ModelFormat
{
    /// <summary>Its name in reports, such as <c>tflite</c>.</summary>
    public abstract string Id { get; }

    /// <summary>Its name for people.</summary>
    public abstract string Name { get; }

    /// <summary>A model of it in a sentence, with the article: <c>an ONNX model</c>.</summary>
    public abstract string Noun { get; }

    /// <summary>What names of its files end with, the dot included, in small letters.</summary>
    public abstract string Extension { get; }

    /// <summary>
    /// True for a front end's format, which conversion makes an integer model of; false for models that are run and compiled as they are.
    /// </summary>
    public abstract bool NeedsConversion { get; }

    /// <summary>Such a file, as a message asks for it.</summary>
    internal string Expected => $"{Noun} ({Extension})";

    /// <summary>True if a file's name is one of this format, whatever is in it.</summary>
    public bool Names(string path) => Path.GetExtension(path).Equals(Extension, StringComparison.OrdinalIgnoreCase);

    /// <summary>True if a file can only be of this format.</summary>
    /// <param name="start">Its first bytes: <see cref="ModelFormats.StartBytes"/>, fewer if it is shorter.</param>
    internal abstract bool Recognises(ReadOnlySpan<byte> start);

    /// <summary>Reads a file.</summary>
    /// <exception cref="ModelFormatException">It is damaged or of another kind.</exception>
    /// <exception cref="UnsupportedModelException">It holds what cannot be expressed; all of it is named.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    internal abstract ModelFile Read(string path, ReadOptions options, CancellationToken cancellation);

    /// <summary>
    /// The model in real numbers, to be run for calibration and comparison: in a runtime of its own format where there is one, else in the
    /// interpreter as it was imported.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="graph">The imported and optimized graph.</param>
    internal virtual IReferenceModel Reference(string path, Graph graph) => new GraphReferenceModel(graph);

    /// <summary>
    /// The nodes of a file as they stand in it, for a look at a model that cannot be read; null if the format has no such view.
    /// </summary>
    /// <exception cref="ModelFormatException">It is damaged or of another kind.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    internal virtual ModelOutline? ReadOutline(string path) => null;
}

using System.Collections.Immutable;
using EthosU.Files;
using EthosU.Graphs;
using EthosU.Import;

namespace EthosU.Pipeline.Formats;

/// <summary>A model read from a file of any kind.</summary>
/// <param name="Path">The file, as the user named it.</param>
/// <param name="Format">Its kind.</param>
/// <param name="Graph">The network; in real numbers where the format needs conversion.</param>
/// <param name="Findings">What a user should know about the reading.</param>
internal sealed record ModelFile(string Path, ModelFormat Format, Graph Graph, ImmutableArray<Finding> Findings)
{
    /// <summary>The tensors in the file's order, to which a memory plan refers; empty where there is no such order.</summary>
    public ImmutableArray<Tensor> FileTensors { get; init; } = [];

    /// <summary>
    /// Quantization that a model to be converted brings along for values computed at run time, by the value's name in its file.
    /// </summary>
    public ImmutableDictionary<string, Quantization> Quantizations { get; init; } = ImmutableDictionary<string, Quantization>.Empty;

    /// <summary>The files beside the model from which its constants were read, in full; they are inputs as the model itself is.</summary>
    public ImmutableArray<string> DataFiles { get; init; } = [];

    /// <summary>What the network keeps from one inference to the next: inputs and outputs behind the user's.</summary>
    public ImmutableArray<ImportedState> States { get; init; } = [];

    /// <summary>A model that a front end has read.</summary>
    internal static ModelFile Of(string path, ModelFormat format, ImportedModel model) => new(path, format, model.Graph, model.Findings)
    {
        Quantizations = model.Quantizations,
        DataFiles = model.DataFiles,
        States = model.States,
    };

    /// <summary>Reads a file of any kind.</summary>
    /// <exception cref="ModelFormatException">It is damaged or no model.</exception>
    /// <exception cref="UnsupportedModelException">It holds what cannot be expressed; all of it is named.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static ModelFile Read(string path, ReadOptions options, CancellationToken cancellation = default) =>
        ModelFormats.Of(path).Read(path, options, cancellation);

    /// <summary>Reads a model to convert.</summary>
    /// <exception cref="ModelFormatException">It is damaged or no such model.</exception>
    /// <exception cref="UnsupportedModelException">It holds what cannot be expressed; all of it is named.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static ModelFile ReadSource(string path, ReadOptions options, CancellationToken cancellation)
    {
        InputFile.Require(path, ModelFormats.AnySource);
        return ModelFormats.SourceOf(path).Read(path, options, cancellation);
    }

    /// <summary>Reads a model that can be run and compiled as it is.</summary>
    /// <param name="path">The file.</param>
    /// <param name="inputShapes">Shapes for inputs whose sizes the file leaves open; null: those that it stores.</param>
    /// <exception cref="ModelFormatException">It is damaged or of another kind.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static ModelFile ReadRunnable(string path, IReadOnlyList<Shape?>? inputShapes = null)
    {
        TfLiteFormat runnable = ModelFormats.TfLite;
        InputFile.Require(path, runnable.Expected);
        return ModelFormats.ByName(path) is { NeedsConversion: true } source && ModelFormats.Of(path) != runnable
            ? throw new ModelFormatException(path, "",
            $"this is no {runnable.Name} model; make one of {source.Noun} with: ethosu convert MODEL{source.Extension}")
            : runnable.Load(path, verify: true, inputShapes);
    }
}

using System.Collections.Immutable;
using EthosU.Graphs;

namespace EthosU.Quantize.Data;

/// <summary>A data set for calibration or measurement: samples in the shapes of the source model's inputs, read one by one.</summary>
public abstract class SampleSource
{
    private protected SampleSource()
    {
    }

    /// <summary>Number of samples.</summary>
    public abstract int Count { get; }

    /// <summary>True if samples have labels.</summary>
    public virtual bool HasLabels => false;

    /// <summary>What a user should know about the data.</summary>
    public virtual ImmutableArray<Finding> Findings => [];

    /// <summary>Reads samples from the first on; memory does not grow with their number.</summary>
    /// <param name="cancellation">Stops between samples.</param>
    /// <exception cref="ModelFormatException">A sample is damaged, of the wrong shape or type, or holds NaN or infinities.</exception>
    public abstract IEnumerable<Sample> Read(CancellationToken cancellation = default);

    /// <summary>Opens a data set.</summary>
    /// <param name="path">A <c>.npz</c> or <c>.npy</c> file, or a folder of <c>.npy</c> files or of PNG, JPEG or BMP images; null for
    /// random data.</param>
    /// <param name="inputs">The source model's inputs, as imported (images [N, C, H, W]).</param>
    /// <param name="preprocessing">How stored values become the model's.</param>
    /// <param name="options">Layout, names of arrays, seed.</param>
    /// <exception cref="ModelFormatException">The data do not suit the inputs, or there are none; the message says why.</exception>
    /// <exception cref="IOException">They cannot be read.</exception>
    public static SampleSource Open(string? path, IReadOnlyList<Tensor> inputs, Preprocessing? preprocessing = null,
        SampleOptions? options = null)
    {
        preprocessing ??= new();
        options ??= new();
        if (path is null)
            return new RandomSamples(inputs, options);
        if (Directory.Exists(path))
            return FolderSamples.OpenFolder(path, inputs, preprocessing, options);
        return ArraySamples.OpenFile(path, inputs, preprocessing, options);
    }

    /// <summary>
    /// The samples of a network that keeps values: they follow one another, and each has what the network in real numbers has kept of those
    /// before.
    /// </summary>
    /// <param name="samples">Samples of its other inputs.</param>
    /// <param name="graph">The network as imported.</param>
    /// <param name="kept">What it keeps.</param>
    public static SampleSource Sequence(SampleSource samples, Graph graph, IReadOnlyList<KeptValue> kept) =>
        new SequenceSamples(samples, graph, kept);

    /// <summary>A data set in memory, already preprocessed.</summary>
    /// <exception cref="ArgumentException">There are no samples.</exception>
    public static SampleSource Of(IReadOnlyList<Sample> samples) => samples.Count > 0
        ? new ListedSamples(samples)
        : throw new ArgumentException("a data set needs at least one sample", nameof(samples));
}

using EthosU.Files;
using EthosU.Graphs;
using EthosU.Quantize.Data;

namespace EthosU.Pipeline;

/// <summary>A data set as a user names it, for calibration or for measuring.</summary>
public sealed record DataSet
{
    /// <summary>A <c>.npz</c> or <c>.npy</c> file, or a folder of <c>.npy</c> files or images; null for random data.</summary>
    public string? Path { get; init; }

    /// <summary>At most so many samples are used, from the first on; null: the job's own default.</summary>
    public int? Samples { get; init; }

    /// <summary>How stored values become the model's.</summary>
    public Preprocessing Preprocessing { get; init; } = new();

    /// <summary>Order of axes, names of arrays, colours.</summary>
    public SampleOptions Options { get; init; } = new();

    /// <summary>Says at once that there is no such file.</summary>
    internal void Require()
    {
        if (Path is not null)
            InputFile.RequireFileOrFolder(Path, "data (a .npz or .npy file, or a folder of .npy files or images)");
    }

    internal SampleSource Open(IReadOnlyList<Tensor> inputs) => SampleSource.Open(Path, inputs, Preprocessing, Options);
}

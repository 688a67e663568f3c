using System.Collections.Immutable;
using EthosU.Files;
using EthosU.Graphs;
using EthosU.Pipeline.Formats;
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

    /// <summary>Opens it for a model; what the model keeps from one inference to the next is no part of the data.</summary>
    internal SampleSource Open(ModelFile model)
    {
        ImmutableArray<Tensor> inputs = model.Graph.Inputs;
        if (model.States.IsEmpty)
            return SampleSource.Open(Path, inputs, Preprocessing, Options);
        HashSet<string> kept = [.. model.States.Select(static state => state.Input)];
        string[] outputs = [.. model.Graph.Signatures[0].OutputNames];
        return SampleSource.Sequence(
            SampleSource.Open(Path, [.. inputs.Where(input => !kept.Contains(input.Name))], Preprocessing, Options), model.Graph,
            [.. model.States.Select(state => new KeptValue(Array.FindIndex([.. inputs], input => input.Name == state.Input),
                Array.IndexOf(outputs, state.Output), state.Initial))]);
    }
}

using EthosU.Graphs;
using EthosU.Npy;

namespace EthosU.Quantize.Data;

/// <summary>Samples along the first axis of NumPy arrays, read row by row.</summary>
internal sealed class ArraySamples : SampleSource
{
    private static readonly string[] LabelNames = ["y", "labels", "label", "targets"];

    private readonly string path;
    private readonly string?[] names; // of the arrays in an archive; null for an .npy file
    private readonly InputFitter[] fitters;
    private readonly int[]? labels;

    private ArraySamples(string path, string?[] names, IReadOnlyList<Tensor> inputs, Preprocessing preprocessing, SampleOptions options,
        string? labelName)
    {
        this.path = path;
        this.names = names;
        fitters = new InputFitter[inputs.Count];
        Count = -1;
        for (int i = 0; i < fitters.Length; i++)
        {
            using NumpyRowReader reader = OpenRows(names[i]);
            if (reader.Shape.Rank == 0)
                throw new ModelFormatException(path, names[i] ?? "",
                    "the array is a single number; samples must be stacked along its first axis");
            if (Count >= 0 && reader.RowCount != Count)
                throw new ModelFormatException(path, names[i] ?? "", $"the array holds {reader.RowCount} samples, the others {Count}");
            Count = reader.RowCount;
            Shape row = RowShape(reader, inputs[i]);
            fitters[i] = new(path, row, reader.Type, inputs[i], preprocessing, options.Layout);
        }
        if (Count == 0)
            throw new ModelFormatException(path, "", "the data set is empty: its first axis has size 0");
        labels = labelName is null ? null : ReadLabels(labelName);
    }

    public override int Count { get; }

    public override bool HasLabels => labels is not null;

    public static ArraySamples OpenFile(string path, IReadOnlyList<Tensor> inputs, Preprocessing preprocessing, SampleOptions options)
    {
        string extension = Path.GetExtension(path).ToUpperInvariant();
        if (extension == ".NPY")
            return inputs.Count == 1
                ? new(path, [null], inputs, preprocessing, options, null)
                : throw new ModelFormatException(path, "",
                $"the model has {inputs.Count} inputs ({string.Join(", ", inputs.Select(i => i.Name))}); put an array for each, of its "
                    + $"name, into an .npz file");
        if (extension != ".NPZ")
            throw new ModelFormatException(path, "",
                "data are read from .npz and .npy files and from folders of .npy files or of PNG, JPEG or BMP images");
        using NumpyArchive archive = NumpyArchive.Open(path);
        string? labelName = options.Labels
            ?? LabelNames.FirstOrDefault(name => archive.Contains(name) && inputs.All(input => input.Name != name));
        if (labelName is not null && !archive.Contains(labelName))
            throw new ModelFormatException(path, "", $"there is no array '{labelName}' with labels; {Held(archive)}");
        string?[] names = [.. inputs.Select((input, i) => FindArray(archive, path, inputs, i, labelName))];
        return new(path, names, inputs, preprocessing, options, labelName);
    }

    public override IEnumerable<Sample> Read(CancellationToken cancellation)
    {
        NumpyRowReader[] readers = [.. names.Select(OpenRows)];
        try
        {
            for (int i = 0; i < Count; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                TensorData[] values = new TensorData[readers.Length];
                for (int j = 0; j < values.Length; j++)
                {
                    byte[] row = new byte[readers[j].RowBytes];
                    if (!readers[j].TryRead(row))
                        throw new ModelFormatException(path, names[j] ?? "", $"the array ends after {i} of {Count} samples");
                    values[j] = fitters[j].Convert(row, path, i);
                }
                yield return new(values, labels?[i]);
            }
        }
        finally
        {
            foreach (NumpyRowReader reader in readers)
                reader.Dispose();
        }
    }

    private NumpyRowReader OpenRows(string? name) => name is null ? NumpyFile.OpenRows(path) : NumpyArchive.OpenRows(path, name);

    /// <summary>
    /// The shape of one sample, for an array of stacked samples; an array of exactly the input's shape is refused as unstacked only where
    /// it cannot be stacked.
    /// </summary>
    private static Shape RowShape(NumpyRowReader reader, Tensor input) =>
        reader.RowShape.Rank == 0 && input.Shape.ElementCount == 1 ? [1] : reader.RowShape;

    private int[] ReadLabels(string name)
    {
        using NumpyArchive archive = NumpyArchive.Open(path);
        NumpyArray array = archive.Read(name);
        if (array.Shape.ElementCount != Count || array.Type is ElementType.Float32 or ElementType.Float64 or ElementType.Float16)
            throw new ModelFormatException(path, name,
                $"labels must be one class number for each of {Count} samples, but they are {array}");
        try
        {
            return array.ToTensorData().ToInt32Array();
        }
        catch (OverflowException e)
        {
            throw new ModelFormatException(path, name, "a label is too large for the number of a class", e);
        }
    }

    private static string FindArray(NumpyArchive archive, string path, IReadOnlyList<Tensor> inputs, int index, string? labelName)
    {
        string name = inputs[index].Name;
        if (archive.Contains(name))
            return name;
        if (archive.Contains($"in{index}"))
            return $"in{index}";
        string[] others = [.. archive.Names.Where(n => n != labelName)];
        if (inputs.Count == 1 && labelName == "x")
            throw new ModelFormatException(path, "x", "this array cannot hold the labels, for it is the input's");
        if (inputs.Count == 1 && others.Contains("x"))
            return "x";
        return inputs.Count == 1 && others.Length == 1
            ? others[0]
            : throw new ModelFormatException(path, "", $"there is no array '{name}' for the input of that name; {Held(archive)}");
    }

    private static string Held(NumpyArchive archive) =>
        archive.Names.Count == 0 ? "the archive is empty" : $"there are {string.Join(", ", archive.Names)}";
}

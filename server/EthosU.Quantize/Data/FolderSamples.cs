using EthosU.Graphs;
using EthosU.Npy;

namespace EthosU.Quantize.Data;

/// <summary>One sample per file of a folder, in the order of the files' names: NumPy arrays or images.</summary>
internal sealed class FolderSamples : SampleSource
{
    private readonly string[] files;
    private readonly Tensor input;
    private readonly Preprocessing preprocessing;
    private readonly SampleOptions options;

    private FolderSamples(string[] files, Tensor input, Preprocessing preprocessing, SampleOptions options) =>
        (this.files, this.input, this.preprocessing, this.options) = (files, input, preprocessing, options);

    public override int Count => files.Length;

    public static FolderSamples OpenFolder(string folder, IReadOnlyList<Tensor> inputs, Preprocessing preprocessing, SampleOptions options)
    {
        string[] files =
            [.. Directory.EnumerateFiles(folder).Where(file => IsArray(file) || ImageReader.IsImage(file)).Order(StringComparer.Ordinal)];
        if (files.Length == 0)
            throw new ModelFormatException(folder, "", "the folder holds no .npy file and no PNG, JPEG or BMP image");
        if (files.Any(IsArray) && !files.All(IsArray))
            throw new ModelFormatException(folder, "", "the folder holds arrays and images; give one kind");
        if (inputs.Count != 1)
            throw new ModelFormatException(folder, "",
                $"the model has {inputs.Count} inputs ({string.Join(", ", inputs.Select(i => i.Name))}); put an array for each, of its "
                    + $"name, into an .npz file");
        return new(files, inputs[0], preprocessing, options);
    }

    public override IEnumerable<Sample> Read(CancellationToken cancellation)
    {
        for (int i = 0; i < files.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return new(
                [IsArray(files[i]) ? ReadArray(files[i]) : ImageReader.Read(files[i], input, preprocessing, options, cancellation)]);
        }
    }

    private TensorData ReadArray(string file)
    {
        NumpyArray array = NumpyFile.Read(file);
        return new InputFitter(file, array.Shape, array.Type, input, preprocessing, options.Layout).Convert(array.Bytes, file, 0);
    }

    private static bool IsArray(string file) => Path.GetExtension(file).Equals(".npy", StringComparison.OrdinalIgnoreCase);
}

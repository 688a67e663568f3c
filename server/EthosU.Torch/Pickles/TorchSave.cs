using System.Text;
using EthosU.Graphs;
using EthosU.Torch.Archives;
using EthosU.Torch.Programs;

namespace EthosU.Torch.Pickles;

/// <summary>A file of <c>torch.save</c> with a dictionary of tensors: a zip archive with a pickle and storages (pt2-format 7).</summary>
internal sealed class TorchSave
{
    private const string Pickle = "data.pkl";
    private const long LargestPickle = 64 << 20;
    private readonly Archive archive;
    private readonly string file, folder;
    private readonly Dictionary<string, object?> tensors;
    private readonly Dictionary<string, ReadOnlyMemory<byte>> storages = new(StringComparer.Ordinal);

    private TorchSave(Archive archive, string file, string folder, Dictionary<string, object?> tensors) =>
        (this.archive, this.file, this.folder, this.tensors) = (archive, file, folder, tensors);

    /// <summary>Opens such a file.</summary>
    /// <exception cref="ModelFormatException">It is damaged, or holds something else.</exception>
    public static TorchSave Open(Archive archive, string file)
    {
        ArchiveEntry? found = archive.Entries.Values.Where(static entry => IsPickle(entry.Name))
            .MinBy(static entry => entry.Name.Length);
        if (found is null)
            throw new ModelFormatException(file, "", "this is no file of torch.save: it has no data.pkl");
        string folder = found.Name[..^Pickle.Length];
        if (archive.Entries.TryGetValue($"{folder}byteorder", out ArchiveEntry? order)
            && Encoding.Latin1.GetString(archive.Read(order, 64).Span).Trim() is var text and not "little")
            throw new ModelFormatException(file, order.Name, $"its numbers are in the order '{text}'; only little-endian ones are read");
        return PickleMachine.Run(archive.Read(found, LargestPickle), file, found.Name) is Dictionary<string, object?> tensors
            ? new(archive, file, folder, tensors)
            : throw new ModelFormatException(file, found.Name, "a dictionary of tensors is expected");
    }

    /// <summary>True for the name of an entry that makes an archive a file of <c>torch.save</c>.</summary>
    public static bool IsPickle(string name) =>
        name == Pickle || (name.EndsWith($"/{Pickle}", StringComparison.Ordinal) && name.IndexOf('/') == name.Length - Pickle.Length - 1);

    /// <summary>The tensor of a name; null if there is none.</summary>
    /// <exception cref="ModelFormatException">It is no tensor, or its storage is missing or damaged.</exception>
    public StoredTensor? Find(string name)
    {
        if (!tensors.TryGetValue(name, out object? value))
            return null;
        if (value is not PickledTensor tensor)
            throw new ModelFormatException(file, $"'{name}'", "a tensor is expected");
        return new(tensor.Storage.Type, tensor.Sizes, tensor.Strides, tensor.Offset, Storage(tensor.Storage, name));
    }

    private ReadOnlyMemory<byte> Storage(PickledStorage storage, string name)
    {
        if (storages.TryGetValue(storage.Key, out ReadOnlyMemory<byte> read))
            return read;
        if (!archive.Entries.TryGetValue($"{folder}data/{storage.Key}", out ArchiveEntry? entry))
            throw new ModelFormatException(file, $"'{name}'", $"there is no entry 'data/{storage.Key}' with its values");
        return storages[storage.Key] = archive.Read(entry, Array.MaxLength);
    }
}

using System.IO.Compression;

namespace EthosU.Testing;

/// <summary>Reads NumPy's <c>.npz</c> archives.</summary>
public static class NpzFile
{
    /// <summary>All arrays of the archive by name, without the <c>.npy</c> of their entries.</summary>
    public static IReadOnlyDictionary<string, NpyArray> Load(string path)
    {
        using ZipArchive archive = ZipFile.OpenRead(path);
        Dictionary<string, NpyArray> arrays = [];
        foreach (ZipArchiveEntry entry in archive.Entries)
        {
            using Stream stream = entry.Open();
            arrays[Path.GetFileNameWithoutExtension(entry.Name)] = NpyArray.Read(stream);
        }
        return arrays;
    }
}

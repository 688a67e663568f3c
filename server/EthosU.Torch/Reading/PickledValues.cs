using EthosU.Torch.Archives;
using EthosU.Torch.Pickles;
using EthosU.Torch.Programs;

namespace EthosU.Torch.Reading;

/// <summary>Values in a file of <c>torch.save</c> inside the archive (pt2-format 1).</summary>
/// <param name="archive">The archive.</param>
/// <param name="entry">The entry that is such a file.</param>
/// <param name="file">The file, for messages.</param>
internal sealed class PickledValues(Archive archive, ArchiveEntry entry, string file) : IStoredValues
{
    private readonly TorchSave saved = TorchSave.Open(archive.OpenInner(entry), $"{file}: {entry.Name}");

    /// <inheritdoc/>
    public StoredTensor? Find(string name) => saved.Find(name);
}

using System.Text.Json;
using EthosU.Graphs;
using EthosU.Torch.Archives;
using EthosU.Torch.Programs;

namespace EthosU.Torch.Reading;

/// <summary>Values as raw bytes with a configuration that describes them (pt2-format 2).</summary>
internal sealed class RawValues : IStoredValues
{
    private const long LargestConfiguration = 64 << 20;
    private readonly Archive archive;
    private readonly string folder;
    private readonly JsonSource source;
    private readonly Dictionary<string, JsonNode> described = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ReadOnlyMemory<byte>> storages = new(StringComparer.Ordinal);

    /// <summary>Reads the configuration.</summary>
    /// <param name="archive">The archive.</param>
    /// <param name="folder">The folder of the values, with the stroke at its end.</param>
    /// <param name="configuration">The configuration's entry.</param>
    /// <param name="file">The file, for messages.</param>
    public RawValues(Archive archive, string folder, ArchiveEntry configuration, string file)
    {
        (this.archive, this.folder, source) = (archive, folder, new(file, configuration.Name));
        using JsonDocument document = JsonText.Parse(archive.Read(configuration, LargestConfiguration), source);
        foreach (JsonNode field in new JsonNode(document.RootElement.Clone(), "the configuration", source)["config"].Fields())
            described[field.Name] = field;
    }

    /// <inheritdoc/>
    public StoredTensor? Find(string name)
    {
        if (!described.TryGetValue(name, out JsonNode value))
            return null;
        source.Where = $"'{NameLimit.Shorten(name)}'";
        if (value.Find("use_pickle") is { } pickled && pickled.Truth() || value.Find("tensor_meta") is null)
            throw new UnsupportedModelException([new("torch-tensor-form", FindingSeverity.Error,
                $"The value of '{name}' is no plain tensor: it is stored as a pickle, which is never run.",
                "Make it a plain tensor before the export.", Source.None) { Tensor = name }]);
        JsonNode meta = value["tensor_meta"];
        TensorMetaReader.RequireStrided(meta, name);
        return TensorMetaReader.ReadStored(meta, Storage(value["path_name"].Identifier()));
    }

    private ReadOnlyMemory<byte> Storage(string name)
    {
        if (storages.TryGetValue(name, out ReadOnlyMemory<byte> read))
            return read;
        if (name.AsSpan().IndexOfAny('/', '\\', ':') >= 0 || name is "" or "." or "..")
            throw source.Problem($"the path '{name}' of its values leaves their folder");
        if (!archive.Entries.TryGetValue(folder + name, out ArchiveEntry? entry))
            throw source.Problem($"there is no entry '{name}' with its values");
        return storages[name] = archive.Read(entry, Array.MaxLength);
    }
}

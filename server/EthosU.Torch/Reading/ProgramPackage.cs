using System.Text;
using EthosU.Graphs;
using EthosU.Torch.Archives;

namespace EthosU.Torch.Reading;

/// <summary>
/// A file of <c>torch.export.save</c> in either of its layouts, which are told by what is in them and never by names of files
/// (pt2-format 1).
/// </summary>
internal sealed class ProgramPackage
{
    private const string Mark = "archive_format", FlatProgram = "serialized_exported_program.json";
    private const int LargestMark = 64;
    private readonly Archive archive;
    private readonly string file;
    private readonly Lazy<IStoredValues?> weights, constants;

    private ProgramPackage(Archive archive, string file, ArchiveEntry program, Func<IStoredValues?> weights, Func<IStoredValues?> constants)
    {
        (this.archive, this.file, Program) = (archive, file, program);
        (this.weights, this.constants) = (new(weights), new(constants));
    }

    /// <summary>The entry with the program.</summary>
    public ArchiveEntry Program { get; }

    /// <summary>Parameters and buffers; null if the file has none.</summary>
    public IStoredValues? Weights => weights.Value;

    /// <summary>Constants, and buffers that are no part of the state; null if the file has none.</summary>
    public IStoredValues? Constants => constants.Value;

    /// <summary>Opens a package.</summary>
    /// <exception cref="ModelFormatException">It is damaged.</exception>
    /// <exception cref="UnsupportedModelException">It is something else that torch writes.</exception>
    public static ProgramPackage Open(Archive archive, string file)
    {
        ArchiveEntry[] marks = [.. archive.Entries.Values.Where(static entry => IsMark(entry.Name))];
        if (marks.Length > 1)
            throw new ModelFormatException(file, marks[1].Name, "the archive holds several packages");
        if (marks.Length == 1)
            return OpenArchive(archive, file, marks[0]);
        return archive.Entries.TryGetValue(FlatProgram, out ArchiveEntry? flat) ? OpenFlat(archive, file, flat)
            : ForeignFiles.Refuse(archive) is { } refused ? throw refused
            : throw new ModelFormatException(file, "", "this zip archive is no file of torch.export.save: it holds no exported program");
    }

    private static bool IsMark(string name) => name == Mark
        || (name.EndsWith($"/{Mark}", StringComparison.Ordinal) && name.IndexOf('/') == name.Length - Mark.Length - 1);

    private static ProgramPackage OpenArchive(Archive archive, string file, ArchiveEntry mark)
    {
        string folder = mark.Name[..^Mark.Length];
        if (Text(archive, mark) is var format and not "pt2")
            throw new ModelFormatException(file, mark.Name, $"the archive is of the format '{format}'; 'pt2' is read");
        if (archive.Entries.TryGetValue($"{folder}archive_version", out ArchiveEntry? version)
            && Text(archive, version) is var found and not "0")
            throw new UnsupportedModelException([new("torch-version", FindingSeverity.Error,
                $"The archive is of version {found}; version 0 is read.", "Save the network with a version of torch that writes it.",
                Source.None)]);
        RequireLittleEndian(archive, file, folder);
        string models = $"{folder}models/";
        ArchiveEntry[] programs = [.. archive.Entries.Values.Where(entry => entry.Name.StartsWith(models, StringComparison.Ordinal)
            && entry.Name.EndsWith(".json", StringComparison.Ordinal) && entry.Name.IndexOf('/', models.Length) < 0)];
        if (programs.Length == 0)
            throw ForeignFiles.IsCompiled(archive, folder) ? ForeignFiles.Compiled()
                : new ModelFormatException(file, "", "there is no model in the archive");
        if (programs.Length > 1)
            throw new UnsupportedModelException([new("torch-several-models", FindingSeverity.Error,
                $"The file holds {programs.Length} models.", "Save each in a file of its own with torch.export.save.", Source.None)]);
        string model = programs[0].Name[models.Length..^".json".Length];
        return new(archive, file, programs[0], () => Values("weights"), () => Values("constants"));

        IStoredValues? Values(string kind)
        {
            string values = $"{folder}data/{kind}/";
            return archive.Entries.TryGetValue($"{values}{model}_{kind}_config.json", out ArchiveEntry? configuration)
                ? new RawValues(archive, values, configuration, file)
                : Pickled(archive, file, $"{values}{model}.pt");
        }
    }

    private static ProgramPackage OpenFlat(Archive archive, string file, ArchiveEntry program) => new(archive, file, program,
        () => Pickled(archive, file, "serialized_state_dict.pt"), () => Pickled(archive, file, "serialized_constants.pt"));

    private static PickledValues? Pickled(Archive archive, string file, string name) =>
        archive.Entries.TryGetValue(name, out ArchiveEntry? entry) ? new(archive, entry, file) : null;

    private static void RequireLittleEndian(Archive archive, string file, string folder)
    {
        if (archive.Entries.TryGetValue($"{folder}byteorder", out ArchiveEntry? order) && Text(archive, order) is var text and not "little")
            throw new ModelFormatException(file, order.Name, $"its numbers are in the order '{text}'; only little-endian ones are read");
    }

    private static string Text(Archive archive, ArchiveEntry entry) =>
        Encoding.Latin1.GetString(archive.Read(entry, LargestMark).Span).Trim();

    /// <summary>The bytes of the program.</summary>
    public ReadOnlyMemory<byte> ReadProgram(long largest) => archive.Read(Program, largest);

    /// <summary>What says where the program's JSON is from.</summary>
    public JsonSource SourceOfProgram() => new(file, Program.Name);
}

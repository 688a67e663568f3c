using System.Text.Json;
using EthosU.Files;
using EthosU.Graphs;
using EthosU.Torch.Archives;
using EthosU.Torch.Programs;

namespace EthosU.Torch.Reading;

/// <summary>Reads files of <c>torch.export.save</c>: the archive, the program in it, and the values of its parameters.</summary>
internal static class ProgramReader
{
    private const int Major = 8;
    private const long LargestProgram = 64 << 20;

    /// <summary>Reads a file.</summary>
    /// <exception cref="ModelFormatException">It is damaged, or contradicts itself.</exception>
    /// <exception cref="UnsupportedModelException">It is sound but something else, or of another version.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static ExportedProgram Read(string path, CancellationToken cancellation)
    {
        using FileStream stream = InputFile.OpenRead(path);
        if (stream.Length > InputFile.LargestModel)
            throw new IOException($"{path}: the file has {stream.Length:N0} bytes; at most {InputFile.LargestModel:N0} are read");
        ProgramPackage package = ProgramPackage.Open(OpenArchive(stream, path), path);
        JsonSource source = package.SourceOfProgram();
        using JsonDocument document = JsonText.Parse(package.ReadProgram(LargestProgram), source);
        return Read(new(document.RootElement, "the program", source), package, cancellation);
    }

    private static Archive OpenArchive(FileStream stream, string path)
    {
        Span<byte> buffer = stackalloc byte[ForeignFiles.StartBytes];
        ReadOnlySpan<byte> start = buffer[..RandomAccess.Read(stream.SafeFileHandle, buffer, 0)];
        if (ForeignFiles.Refuse(start) is { } refused)
            throw refused;
        return ForeignFiles.IsZip(start) ? Archive.Open(stream, path)
            : throw new ModelFormatException(path, "", ForeignFiles.Describe(start));
    }

    private static ExportedProgram Read(JsonNode program, ProgramPackage package, CancellationToken cancellation)
    {
        RequireVersion(program);
        JsonNode module = program["graph_module"];
        ProgramGraph graph = new GraphReader(cancellation).Read(module["graph"]);
        SignatureReader signature = new(graph, module, name => package.Weights?.Find(name), name => package.Constants?.Find(name));
        (var inputs, var outputs) = signature.Read();
        return new()
        {
            TorchVersion = program.Find("torch_version")?.Identifier() ?? "",
            Graph = graph,
            Inputs = inputs,
            Outputs = outputs,
            Ranges = Ranges(program),
            Values = signature.Values,
        };
    }

    private static void RequireVersion(JsonNode program)
    {
        long major = program["schema_version"]["major"].Integer();
        if (major != Major)
            throw new UnsupportedModelException([new("torch-version", FindingSeverity.Error,
                $"The file is of schema version {major}; version {Major} is read.",
                $"Save the network with a version of torch that writes it ({(major < Major ? "2.6 or newer" : "an older one")}).",
                Source.None)]);
    }

    private static Dictionary<string, SymbolRange> Ranges(JsonNode program)
    {
        Dictionary<string, SymbolRange> ranges = new(StringComparer.Ordinal);
        if (program.Find("range_constraints") is { } constraints)
            foreach (JsonNode range in constraints.Fields().Where(static range => range.Name.All(char.IsAsciiLetterOrDigit)))
                ranges[range.Name] = new(Bound(range, "min_val"), Bound(range, "max_val"));
        return ranges;
    }

    /// <summary>A bound; null if there is none, or one that is no number (infinity).</summary>
    private static long? Bound(JsonNode range, string name) =>
        range.Find(name) is { Element.ValueKind: JsonValueKind.Number } bound ? bound.Integer() : null;
}

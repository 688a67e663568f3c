using System.Buffers.Binary;
using System.Text;
using EthosU.Graphs;
using EthosU.Torch.Archives;
using EthosU.Torch.Pickles;

namespace EthosU.Torch.Reading;

/// <summary>
/// Files that torch and its tools write and that hold no exported program: recognised by their content, and refused with the way out.
/// </summary>
internal static class ForeignFiles
{
    /// <summary>How many bytes of a file are looked at.</summary>
    public const int StartBytes = 16;

    private const string Export =
        "Export the network in Python: torch.export.save(torch.export.export(model.eval(), (example,)), 'net.pt2').";
    private const int IdentifierAt = 4;

    /// <summary>What says that a file is one of those; null if its start does not tell.</summary>
    /// <param name="start">Its first bytes.</param>
    public static UnsupportedModelException? Refuse(ReadOnlySpan<byte> start) =>
        IsExecuTorch(start) ? Refused("This is a program of ExecuTorch (.pte): it is compiled for its runtime already.", Export)
        : IsOldSave(start) ? Refused("This is a file of torch.save in its old form: pickled values without the network's graph.", Export)
        : null;

    /// <summary>True for a file that starts like a zip archive.</summary>
    public static bool IsZip(ReadOnlySpan<byte> start) => start.StartsWith("PK\x03\x04"u8) || start.StartsWith("PK\x05\x06"u8);

    /// <summary>True for a file that only the tools of torch write.</summary>
    /// <param name="start">Its first bytes.</param>
    public static bool AreOfTorch(ReadOnlySpan<byte> start) => IsZip(start) || IsExecuTorch(start) || IsOldSave(start);

    /// <summary>What says that an archive is something else of torch; null if it is not known.</summary>
    public static UnsupportedModelException? Refuse(Archive archive)
    {
        IEnumerable<string> names = archive.Entries.Keys;
        bool isPickle = names.Any(TorchSave.IsPickle);
        if (isPickle && names.Any(static name => IsAt(name, "constants.pkl") || name.Contains("/code/", StringComparison.Ordinal)))
            return Refused("This is a TorchScript file (torch.jit.save).", Export);
        if (isPickle)
            return Refused("This is a file of torch.save: weights or pickled objects, without the network's graph.", Export);
        return names.Any(static name => name.Contains("data/aotinductor/", StringComparison.Ordinal)) ? Compiled() : null;
    }

    /// <summary>True if a package holds compiled code.</summary>
    public static bool IsCompiled(Archive archive, string folder) =>
        archive.Entries.Keys.Any(name => name.StartsWith($"{folder}data/aotinductor/", StringComparison.Ordinal));

    /// <summary>Refuses a package that holds compiled code alone.</summary>
    public static UnsupportedModelException Compiled() =>
        Refused("This is a package of AOTInductor: it holds code that is compiled for a processor, and no graph.", Export);

    /// <summary>What a file is called that is no zip archive, by its start.</summary>
    public static string Describe(ReadOnlySpan<byte> start) =>
        start.IsEmpty ? "the file is empty"
        : Encoding.UTF8.GetString(start).TrimStart().StartsWith('{') ? "this is text, not the zip archive that torch.export.save writes"
        : "this is no complete zip archive, which torch.export.save writes";

    private static bool IsAt(string name, string entry) => name == entry || name.EndsWith($"/{entry}", StringComparison.Ordinal);

    private static bool IsExecuTorch(ReadOnlySpan<byte> start) => start.Length >= 8 && start[IdentifierAt..].StartsWith("ET"u8)
        && char.IsAsciiDigit((char)start[IdentifierAt + 2]) && char.IsAsciiDigit((char)start[IdentifierAt + 3]);

    /// <summary>A pickle of protocol 2 that begins with the number by which torch's old files are known.</summary>
    private static bool IsOldSave(ReadOnlySpan<byte> start) => start.Length >= StartBytes - 2
        && BinaryPrimitives.ReadUInt32BigEndian(start) == 0x80028A0A && BinaryPrimitives.ReadUInt32BigEndian(start[4..]) == 0x6CFC9C46;

    private static UnsupportedModelException Refused(string reason, string advice) =>
        new([new("torch-other-file", FindingSeverity.Error, reason, advice, Source.None)]);
}

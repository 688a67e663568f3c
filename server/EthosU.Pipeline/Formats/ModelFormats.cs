using System.Collections.Immutable;
using EthosU.Files;
using EthosU.Graphs;

namespace EthosU.Pipeline.Formats;

/// <summary>
/// The kinds of model files. A new one is an entry in <see cref="All"/>; commands, messages and the language server follow.
/// </summary>
public static class ModelFormats
{
    /// <summary>How many bytes of a file are looked at to recognise it.</summary>
    internal const int StartBytes = 16;

    /// <summary>How the text begins that Git LFS leaves in the place of a file.</summary>
    private static ReadOnlySpan<byte> PointerStart => "version https://git-lfs.github.com/spec/"u8;

    /// <summary>What is run, compiled and written.</summary>
    internal static TfLiteFormat TfLite { get; } = new();

    /// <summary>What a file is taken for that neither its content nor its name tells; its reader says what is wrong with it.</summary>
    private static ModelFormat Fallback { get; } = new OnnxFormat();

    /// <summary>All of them.</summary>
    public static ImmutableArray<ModelFormat> All { get; } = [Fallback, new TorchFormat(), TfLite];

    /// <summary>A model of any kind, as a message asks for it.</summary>
    public static string AnyModel { get; } = $"a model, {Alternatives([.. All.Select(static format => format.Extension)])}";

    /// <summary>Names of the formats that are converted.</summary>
    public static string SourceNames { get; } =
        Alternatives([.. All.Where(static format => format.NeedsConversion).Select(static format => format.Name)]);

    /// <summary>A model to convert, as a message asks for it.</summary>
    internal static string AnySource { get; } =
        Alternatives([.. All.Where(static format => format.NeedsConversion).Select(static format => format.Expected)]);

    /// <summary>
    /// The kind of a file: by its content where that tells, else by its name, so that a damaged file is called what it was meant to be.
    /// </summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnsupportedModelException">A pointer of Git LFS stands in its place.</exception>
    public static ModelFormat Of(string path)
    {
        InputFile.Require(path, AnyModel);
        var start = new byte[Math.Max(StartBytes, PointerStart.Length)];
        using FileStream stream = InputFile.OpenRead(path);
        int read = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        if (start.AsSpan(0, read).StartsWith(PointerStart))
            throw new UnsupportedModelException([new("model-lfs-pointer", FindingSeverity.Error,
                $"{Path.GetFileName(path)} is a pointer of Git LFS, not the model itself.", "Fetch the model: git lfs pull.",
                Source.None)]);
        return All.FirstOrDefault(format => format.Recognises(start.AsSpan(0, Math.Min(read, StartBytes)))) ?? ByName(path) ?? Fallback;
    }

    /// <summary>The kind that a file's name says, whatever is in it; null if it is no model's.</summary>
    public static ModelFormat? ByName(string path) => All.FirstOrDefault(format => format.Names(path));

    /// <summary>
    /// The kind that a model to convert is read as: its own, or the fallback's where its own needs no conversion, whose reader says what is
    /// wrong.
    /// </summary>
    internal static ModelFormat SourceOf(string path) => Of(path) is { NeedsConversion: true } source ? source : Fallback;

    /// <summary>
    /// The nodes of a file as they stand in it, for a look at a model that cannot be read; null if its format has no such view.
    /// </summary>
    /// <exception cref="ModelFormatException">It is damaged.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static ModelOutline? ReadOutline(string path) => Of(path).ReadOutline(path);

    private static string Alternatives(string[] all) =>
        all.Length < 2 ? all[0] : $"{string.Join(", ", all[..^1])} or {all[^1]}";
}

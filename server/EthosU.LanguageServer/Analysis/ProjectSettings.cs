using System.Text.Json;
using EthosU.Optimize;
using EthosU.Pipeline;
using EthosU.Quantize;

namespace EthosU.LanguageServer.Analysis;

/// <summary>What is wanted of a model: from <c>ethosu.json</c> in its folder or the nearest one above, and below that the editor's settings.</summary>
internal sealed record ProjectSettings
{
    /// <summary>Name of the file with a project's settings.</summary>
    public const string FileName = "ethosu.json";

    /// <summary>The settings file that counts; null if there is none.</summary>
    public string? File { get; init; }

    /// <summary>The NPU.</summary>
    public TargetChoice Target { get; init; } = new();

    /// <summary>True to optimise for size.</summary>
    public bool OptimiseForSize { get; init; }

    /// <summary>Order of the axes of image inputs.</summary>
    public DataLayout InputLayout { get; init; } = DataLayout.Nhwc;

    /// <summary>Order of the axes of image outputs.</summary>
    public DataLayout OutputLayout { get; init; } = DataLayout.Nhwc;

    /// <summary>Number format.</summary>
    public Precision Precision { get; init; } = Precision.Int8;

    /// <summary>Type of the edges.</summary>
    public EdgeType Io { get; init; } = EdgeType.Quantized;

    /// <summary>Representative data.</summary>
    public DataSet Calibration { get; init; } = new();

    /// <summary>How ranges are chosen; null for the default.</summary>
    public RangeMethod? Method { get; init; }

    /// <summary>A text that differs if anything differs that an analysis depends on.</summary>
    public string AnalysisKey => $"{Target.Accelerator}|{Target.SystemConfig}|{Target.MemoryMode}|{string.Join(';', Target.ConfigPaths)}|{Target.ArenaCacheSize}|{OptimiseForSize}|{InputLayout}|{OutputLayout}";

    /// <summary>The settings for a model.</summary>
    /// <param name="modelPath">The model's file.</param>
    /// <param name="folders">The workspace's folders: above them nothing is looked for.</param>
    /// <param name="editor">The editor's settings.</param>
    /// <exception cref="Hosting.UserErrorException">A settings file is wrong.</exception>
    public static ProjectSettings For(string modelPath, IReadOnlyCollection<string> folders, JsonElement? editor)
    {
        ProjectSettings settings = SettingsReader.FromEditor(editor, folders.FirstOrDefault(folder => IsInside(modelPath, folder)));
        return Locate(modelPath, folders) is { } file ? SettingsReader.FromFile(file, settings) : settings;
    }

    /// <summary>The settings file that counts for a model; null if there is none.</summary>
    public static string? Locate(string modelPath, IReadOnlyCollection<string> folders)
    {
        string? top = folders.FirstOrDefault(folder => IsInside(modelPath, folder));
        for (string? folder = Path.GetDirectoryName(modelPath); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            string file = Path.Combine(folder, FileName);
            if (System.IO.File.Exists(file))
                return file;
            if (top is null || Path.GetFullPath(folder) == Path.GetFullPath(top))
                return null;
        }
        return null;
    }

    private static bool IsInside(string path, string folder) =>
        path.StartsWith(Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}

using System.Collections.Immutable;
using System.Text.Json;
using EthosU.Files;
using EthosU.Graphs;
using EthosU.LanguageServer.Hosting;
using EthosU.Optimize;
using EthosU.Pipeline;
using EthosU.Pipeline.Checking;
using EthosU.Pipeline.Compiling;
using EthosU.Pipeline.Converting;
using EthosU.Pipeline.Targets;
using EthosU.Quantize;
using EthosU.Quantize.Calibration;
using EthosU.Quantize.Ranges;

namespace EthosU.LanguageServer.Analysis;

/// <summary>
/// What is wanted of a model: from <c>ethosu.json</c> in its folder or the nearest one above, and below that the editor's settings.
/// </summary>
internal sealed record ProjectSettings
{
    /// <summary>Name of the file with a project's settings.</summary>
    public const string FileName = "ethosu.json";

    /// <summary>The settings file that counts; null if there is none.</summary>
    public string? File { get; init; }

    /// <summary>Its text.</summary>
    public string FileText { get; init; } = "";

    /// <summary>The settings file that names the target; null if the editor's settings do.</summary>
    public string? TargetFile { get; init; }

    /// <summary>The NPU.</summary>
    public TargetChoice Target { get; init; } = new();

    /// <summary>What to optimise for.</summary>
    public OptimisationGoal Goal { get; init; } = OptimisationGoals.Default;

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

    /// <summary>For the method <c>percentile</c>: the share of values inside the range, in percent; null for the default.</summary>
    public double? Percentile { get; init; }

    /// <summary>What a free batch size of an input becomes.</summary>
    public int BatchSize { get; init; } = 1;

    /// <summary>What other free sizes become, by name, or by the input's name and the axis.</summary>
    public ImmutableDictionary<string, int> Sizes { get; init; } = ImmutableDictionary<string, int>.Empty;

    /// <summary>How much time is taken for accuracy; null for the default.</summary>
    public Effort? Effort { get; init; }

    /// <summary>Layers are moved to 16 bits for at most so many percent more cycles; null: that does not limit them.</summary>
    public double? MaxSlowdown { get; init; }

    /// <summary>Layers are moved to 16 bits until outputs reach this ratio, in dB; null: that does not limit them.</summary>
    public double? TargetSqnr { get; init; }

    /// <summary>True to balance weights between layers; null for the default.</summary>
    public bool? Equalize { get; init; }

    /// <summary>True to correct biases; null for the default.</summary>
    public bool? CorrectBias { get; init; }

    /// <summary>Layers that compute with 16-bit activations.</summary>
    public ImmutableHashSet<string> Int16Layers { get; init; } = [];

    /// <summary>A text that differs if anything differs that an analysis depends on.</summary>
    public string AnalysisKey =>
        $"{Target.Accelerator}|{Target.SystemConfig}|{Target.MemoryMode}|{string.Join(';', Target.ConfigPaths)}|{Target.ArenaCacheSize}|{Goal}|{Precision}|{InputLayout}|{OutputLayout}|{BatchSize}|{string.Join(';', Sizes.OrderBy(static size => size.Key, StringComparer.Ordinal))}";

    /// <summary>
    /// The same for another accelerator; the system configuration and memory mode stay only if it is of the same product.
    /// </summary>
    public ProjectSettings WithAccelerator(string? accelerator)
    {
        if (accelerator is null || accelerator == Target.Accelerator)
            return this;
        return this with { Target = Target.For(accelerator) };
    }

    /// <summary>Refuses a target that is not possible.</summary>
    /// <exception cref="SettingsException">The settings file chose it.</exception>
    /// <exception cref="UserErrorException">The editor's settings chose it.</exception>
    public TargetSummary RequireTarget()
    {
        try
        {
            return Target.Summary();
        }
        catch (Exception e) when (e is UnsupportedModelException or ModelFormatException or IOException)
        {
            string problem = e is UnsupportedModelException refused ? $"{refused.Findings[0].Reason} {refused.Findings[0].Advice}"
                : e.Message;
            throw File is { } file
                ? SettingsReader.Wrong(file, FileText, ["target", "systemConfig", "memoryMode", "config", "arenaCacheSize"], problem)
                : new UserErrorException($"The editor's settings: {problem}");
        }
    }

    /// <summary>How a model is checked.</summary>
    public CheckOptions CheckOptions(string model) =>
        new() { ModelPath = model, Target = Target, InputLayout = InputLayout, OutputLayout = OutputLayout, Precision =
        Precision, BatchSize = BatchSize, Sizes = Sizes };

    /// <summary>How a model is converted.</summary>
    public ConvertOptions ConvertOptions(string model)
    {
        CalibrationOptions ranges = new();
        QuantizeOptions quantization = new();
        return new()
        {
            ModelPath = model,
            InputLayout = InputLayout,
            OutputLayout = OutputLayout,
            Calibration = Calibration,
            BatchSize = BatchSize,
            Sizes = Sizes,
            Target = Target,
            Mixed = MaxSlowdown is null && TargetSqnr is null ? null : new(MaxSlowdown / 100, TargetSqnr),
            Ranges = ranges with { Method = Method ?? ranges.Method, Percentile = Percentile ?? ranges.Percentile },
            Quantization = quantization with
            {
                Precision = Precision,
                Io = Io,
                Effort = Effort ?? quantization.Effort,
                Equalize = Equalize ?? quantization.Equalize,
                CorrectBias = CorrectBias ?? quantization.CorrectBias,
                Int16Layers = Int16Layers,
            },
        };
    }

    /// <summary>The settings for a model.</summary>
    /// <param name="modelPath">The model's file.</param>
    /// <param name="folders">The workspace's folders: above them nothing is looked for.</param>
    /// <param name="editor">The editor's settings.</param>
    /// <exception cref="SettingsException">A settings file is wrong.</exception>
    /// <exception cref="UserErrorException">The editor's settings are wrong.</exception>
    public static ProjectSettings For(string modelPath, IReadOnlyCollection<string> folders, JsonElement? editor) =>
        For(modelPath, Locate(modelPath, folders), folders, editor);

    /// <summary>The settings for a model whose settings file has been looked for.</summary>
    /// <param name="modelPath">The model's file.</param>
    /// <param name="found">What <see cref="Locate"/> gives for it.</param>
    /// <param name="folders">The workspace's folders.</param>
    /// <param name="editor">The editor's settings.</param>
    /// <exception cref="SettingsException">A settings file is wrong.</exception>
    /// <exception cref="UserErrorException">The editor's settings are wrong.</exception>
    public static ProjectSettings For(string modelPath, string? found, IReadOnlyCollection<string> folders, JsonElement? editor)
    {
        ProjectSettings settings = OfEditor(modelPath, folders, editor);
        return found is { } file ? SettingsReader.FromFile(file, settings, modelPath) : settings;
    }

    /// <summary>The editor's settings alone, for a file.</summary>
    /// <exception cref="UserErrorException">They are wrong.</exception>
    public static ProjectSettings OfEditor(string path, IReadOnlyCollection<string> folders, JsonElement? editor) =>
        SettingsReader.FromEditor(editor, folders.FirstOrDefault(folder => Workspace.IsInside(path, folder)));

    /// <summary>The settings file that counts for a model; null if there is none.</summary>
    public static string? Locate(string modelPath, IReadOnlyCollection<string> folders)
    {
        string? top = folders.FirstOrDefault(folder => Workspace.IsInside(modelPath, folder));
        for (string? folder = Path.GetDirectoryName(modelPath); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            string file = Path.Combine(folder, FileName);
            if (InputFile.Exists(file))
                return file;
            if (top is null || Path.GetFullPath(folder) == Path.GetFullPath(top))
                return null;
        }
        return null;
    }
}

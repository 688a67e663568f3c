using System.Globalization;
using System.Text.Json;
using EthosU.LanguageServer.Hosting;
using EthosU.Optimize;
using EthosU.Pipeline;
using EthosU.Quantize;

namespace EthosU.LanguageServer.Analysis;

/// <summary>Reads <c>ethosu.json</c> and the editor's settings; says file and field of what is wrong.</summary>
internal static class SettingsReader
{
    private const long LargestFile = 1 << 20;

    public static ProjectSettings FromEditor(JsonElement? editor, string? folder)
    {
        if (editor is not { ValueKind: JsonValueKind.Object } settings)
            return new();
        Fields fields = new(settings, "the editor's settings", folder ?? "");
        Fields convert = fields.Section("convert");
        return new()
        {
            Target = new()
            {
                Accelerator = fields.Text("target") ?? TargetChoice.DefaultAccelerator,
                SystemConfig = fields.Text("systemConfig"),
                MemoryMode = fields.Text("memoryMode"),
            },
            InputLayout = convert.Word<DataLayout>("inputLayout") ?? DataLayout.Nhwc,
            Calibration = new() { Path = folder is null ? null : convert.FilePath("calibration") },
        };
    }

    public static ProjectSettings FromFile(string file, ProjectSettings defaults)
    {
        try
        {
            if (new FileInfo(file).Length > LargestFile)
                throw new UserErrorException($"{file}: a settings file of more than {LargestFile} bytes is not read.");
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(file), new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = 16 });
            return Read(new(document.RootElement, file, Path.GetDirectoryName(file)!), file, defaults);
        }
        catch (JsonException e)
        {
            throw new UserErrorException($"{file}: line {(e.LineNumber ?? 0) + 1}: this is no JSON ({e.Message.Split(" LineNumber")[0]})");
        }
    }

    private static ProjectSettings Read(Fields fields, string file, ProjectSettings defaults)
    {
        Fields calibration = fields.Section("calibration");
        DataSet data = calibration.IsEmpty ? defaults.Calibration : new()
        {
            Path = calibration.FilePath("data"),
            Samples = calibration.Integer("samples"),
            Preprocessing = calibration.Preprocessing(),
        };
        return defaults with
        {
            File = file,
            Target = defaults.Target with
            {
                Accelerator = fields.Text("target") ?? defaults.Target.Accelerator,
                SystemConfig = fields.Text("systemConfig") ?? defaults.Target.SystemConfig,
                MemoryMode = fields.Text("memoryMode") ?? defaults.Target.MemoryMode,
                ConfigPaths = fields.FilePath("config") is { } config ? [config] : defaults.Target.ConfigPaths,
                ArenaCacheSize = fields.Integer("arenaCacheSize") ?? defaults.Target.ArenaCacheSize,
            },
            OptimiseForSize = fields.Text("optimise") is { } goal ? goal == "size" : defaults.OptimiseForSize,
            InputLayout = fields.Word<DataLayout>("inputLayout") ?? defaults.InputLayout,
            OutputLayout = fields.Word<DataLayout>("outputLayout") ?? defaults.OutputLayout,
            Precision = fields.Word<Precision>("precision") ?? defaults.Precision,
            Io = fields.Text("io") is { } io ? (io == "float32" ? EdgeType.Float32 : EdgeType.Quantized) : defaults.Io,
            Calibration = data,
            Method = calibration.Word<RangeMethod>("method") ?? defaults.Method,
        };
    }

    /// <summary>An object's fields, with errors that name place and field. Relative paths begin at <paramref name="folder"/>.</summary>
    private readonly struct Fields(JsonElement element, string place, string folder)
    {
        public bool IsEmpty => element.ValueKind != JsonValueKind.Object;

        public Fields Section(string name)
        {
            JsonElement? value = Find(name);
            if (value is { ValueKind: not JsonValueKind.Object })
                throw Wrong(name, "an object");
            return new(value ?? default, $"{place}: {name}", folder);
        }

        /// <summary>A text; null if it is missing or empty.</summary>
        public string? Text(string name) => Find(name) is not { } value ? null
            : value.ValueKind == JsonValueKind.String ? (value.GetString() is { Length: > 0 } text ? text : null)
            : throw Wrong(name, "a text");

        public string? FilePath(string name) => Text(name) is { } path ? Path.GetFullPath(Path.Combine(folder, path)) : null;

        public int? Integer(string name) => Find(name) is not { } value ? null
            : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) && number >= 0 ? number
            : throw Wrong(name, "a whole number");

        public T? Word<T>(string name) where T : struct, Enum => Text(name) is not { } word ? null
            : Enum.TryParse(word, ignoreCase: true, out T value) && Enum.IsDefined(value) ? value
            : throw Wrong(name, $"one of {string.Join(", ", Enum.GetNames<T>().Select(n => n.ToLowerInvariant()))}");

        public Preprocessing Preprocessing()
        {
            try
            {
                return EthosU.Quantize.Preprocessing.Parse(Factors("scale"), Factors("mean"), Factors("std"));
            }
            catch (Exception e) when (e is FormatException or ArgumentException)
            {
                throw new UserErrorException($"{place}: {e.Message}");
            }
        }

        private string? Factors(string name) => Find(name) switch
        {
            null => null,
            { ValueKind: JsonValueKind.Array } list => string.Join(',', list.EnumerateArray().Select(Factor)),
            { } value => Factor(value),
        };

        private static string Factor(JsonElement value) =>
            value.ValueKind == JsonValueKind.Number ? value.GetDouble().ToString("R", CultureInfo.InvariantCulture) : value.ToString();

        private JsonElement? Find(string name) =>
            element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

        private UserErrorException Wrong(string name, string expected) => new($"{place}: '{name}' must be {expected}.");
    }
}

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
        Fields fields = new(settings, null, "") { Folder = folder ?? "" };
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
        if (new FileInfo(file).Length > LargestFile)
            throw new SettingsException(file, 0, $"A settings file of more than {LargestFile} bytes is not read.");
        return FromText(file, File.ReadAllText(file), defaults);
    }

    public static ProjectSettings FromText(string file, string text, ProjectSettings defaults)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text, new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = 16 });
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw new SettingsException(file, 0, "The file must hold an object: { \"target\": … }.");
            return Read(new(document.RootElement, file, text), file, defaults) with { FileText = text };
        }
        catch (JsonException e)
        {
            throw new SettingsException(file, (int)(e.LineNumber ?? 0), $"This is no JSON: {e.Message.Split(" LineNumber")[0]}");
        }
    }

    /// <summary>An error about the first of some fields that the file has.</summary>
    public static SettingsException Wrong(string file, string text, string[] names, string problem)
    {
        // The value at fault stands in the message where there are several fields.
        string? name = names.FirstOrDefault(n => ValueOf(text, n) is { Length: > 0 } value && problem.Contains(value, StringComparison.Ordinal))
            ?? names.FirstOrDefault(n => LineOf(text, n) > 0);
        return new(file, name is null ? 0 : LineOf(text, name), problem);
    }

    private static int LineOf(string text, string name)
    {
        int at = text.IndexOf($"\"{name}\"", StringComparison.Ordinal);
        return at < 0 ? 0 : text.AsSpan(0, at).Count('\n');
    }

    private static string? ValueOf(string text, string name)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text, new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = 16 });
            return document.RootElement.TryGetProperty(name, out JsonElement value) ? value.ToString() : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
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
            TargetFile = fields.Text("target") is null ? defaults.TargetFile : file,
            Target = defaults.Target with
            {
                Accelerator = fields.Text("target") ?? defaults.Target.Accelerator,
                SystemConfig = fields.Text("systemConfig") ?? defaults.Target.SystemConfig,
                MemoryMode = fields.Text("memoryMode") ?? defaults.Target.MemoryMode,
                ConfigPaths = fields.FilePath("config") is { } config ? [config] : defaults.Target.ConfigPaths,
                ArenaCacheSize = fields.Integer("arenaCacheSize") ?? defaults.Target.ArenaCacheSize,
            },
            OptimiseForSize = fields.IsSecond("optimise", "performance", "size") ?? defaults.OptimiseForSize,
            InputLayout = fields.Word<DataLayout>("inputLayout") ?? defaults.InputLayout,
            OutputLayout = fields.Word<DataLayout>("outputLayout") ?? defaults.OutputLayout,
            Precision = fields.Word<Precision>("precision") ?? defaults.Precision,
            Io = fields.IsSecond("io", "int8", "float32") switch { null => defaults.Io, true => EdgeType.Float32, false => EdgeType.Quantized },
            Calibration = data,
            Method = calibration.Word<RangeMethod>("method") ?? defaults.Method,
        };
    }

    /// <summary>An object's fields, with errors that name place and field. Relative paths begin at the folder.</summary>
    private readonly struct Fields(JsonElement element, string? file, string text)
    {
        public string Folder { get; init; } = file is null ? "" : Path.GetDirectoryName(file)!;

        public bool IsEmpty => element.ValueKind != JsonValueKind.Object;

        public Fields Section(string name)
        {
            JsonElement? value = Find(name);
            if (value is { ValueKind: not JsonValueKind.Object })
                throw Wrong(name, "an object");
            return new(value ?? default, file, text) { Folder = Folder };
        }

        /// <summary>A text; null if it is missing or empty.</summary>
        public string? Text(string name) => Find(name) is not { } value ? null
            : value.ValueKind == JsonValueKind.String ? (value.GetString() is { Length: > 0 } found ? found : null)
            : throw Wrong(name, "a text");

        public string? FilePath(string name) => Text(name) is { } path ? Path.GetFullPath(Path.Combine(Folder, path)) : null;

        public int? Integer(string name) => Find(name) is not { } value ? null
            : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) && number >= 0 ? number
            : throw Wrong(name, "a whole number");

        public T? Word<T>(string name) where T : struct, Enum
        {
            if (Text(name) is not { } word)
                return null;
            foreach (string known in Enum.GetNames<T>())
                if (known.Equals(word, StringComparison.OrdinalIgnoreCase))
                    return Enum.Parse<T>(known);
            throw Wrong(name, $"one of {string.Join(", ", Enum.GetNames<T>().Select(n => n.ToLowerInvariant()))}");
        }

        /// <summary>True for the second of two words, false for the first; null if it is missing.</summary>
        public bool? IsSecond(string name, string first, string second) => Text(name) is not { } word ? null
            : word == second || (word == first ? false : throw Wrong(name, $"{first} or {second}"));

        public Preprocessing Preprocessing()
        {
            try
            {
                return EthosU.Quantize.Preprocessing.Parse(Factors("scale"), Factors("mean"), Factors("std"));
            }
            catch (Exception e) when (e is FormatException or ArgumentException)
            {
                throw Error("calibration", e.Message);
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

        private UserErrorException Wrong(string name, string expected) => Error(name, $"'{name}' must be {expected}.");

        private UserErrorException Error(string name, string problem) =>
            file is null ? new UserErrorException($"The editor's settings: {problem}") : new SettingsException(file, LineOf(text, name), problem);
    }
}

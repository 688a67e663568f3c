using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using EthosU.Files;
using EthosU.LanguageServer.Hosting;
using EthosU.Optimize;
using EthosU.Pipeline;
using EthosU.Pipeline.Compiling;
using EthosU.Pipeline.Targets;
using EthosU.Quantize;
using EthosU.Quantize.Data;
using EthosU.Quantize.Ranges;

namespace EthosU.LanguageServer.Analysis;

/// <summary>Reads <c>ethosu.json</c> and the editor's settings; says file and field of what is wrong.</summary>
internal static class SettingsReader
{
    public static ProjectSettings FromEditor(JsonElement? editor, string? folder)
    {
        if (editor is not { ValueKind: JsonValueKind.Object } settings)
            return new();
        if (UnreadableText(settings) is not null)
            throw new UserErrorException(
                "The editor's settings hold half of a surrogate pair (\\ud800 to \\udfff), which is no character.");
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

    /// <summary>The settings of a file for a model; for null those for all models, with every model's own ones checked.</summary>
    public static ProjectSettings FromFile(string file, ProjectSettings defaults, string? model = null)
    {
        string text;
        try
        {
            text = InputFile.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException(file, 0, e.Message);
        }
        return FromText(file, text, defaults, model);
    }

    /// <summary>The same for a file whose text is given.</summary>
    public static ProjectSettings FromText(string file, string text, ProjectSettings defaults, string? model = null)
    {
        try
        {
            using JsonDocument document =
                JsonDocument.Parse(text, new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = 16 });
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw new SettingsException(file, 0, "The file must hold an object: { \"target\": … }.");
            if (UnreadableText(document.RootElement) is { } raw)
                throw new SettingsException(file, text.AsSpan(0, Math.Max(0, text.IndexOf(raw, StringComparison.Ordinal))).Count('\n'),
                    "The text holds half of a surrogate pair (\\ud800 to \\udfff), which is no character.");
            Fields fields = new(document.RootElement, file, text);
            ProjectSettings settings = Read(fields, file, defaults);
            Fields models = fields.Section("models");
            foreach (string name in models.Names)
            {
                ProjectSettings own = Read(models.Section(name), file, settings);
                if (model is not null && IsModel(models.Folder, name, model))
                    settings = own;
            }
            return settings with { FileText = text };
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
        string? name = names
            .FirstOrDefault(n => ValueOf(text, n) is { Length: > 0 } value && problem.Contains(value, StringComparison.Ordinal))
            ?? names.FirstOrDefault(n => LineOf(text, n) > 0);
        return new(file, name is null ? 0 : LineOf(text, name), problem);
    }

    /// <summary>Whether a name in a settings file, a path or a file's name alone, means a model.</summary>
    private static bool IsModel(string folder, string name, string model) =>
        !name.Contains('\0', StringComparison.Ordinal)
        && (Path.GetFullPath(Path.Combine(folder, name)) == Path.GetFullPath(model) || name == Path.GetFileName(model));

    /// <summary>
    /// The first name or text as it stands in the file that is no Unicode, which JSON's escapes allow; null if there is none.
    /// </summary>
    private static string? UnreadableText(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                return IsReadable(element.GetString) ? null : element.GetRawText();
            case JsonValueKind.Array:
                return element.EnumerateArray().Select(UnreadableText).FirstOrDefault(static found => found is not null);
            case JsonValueKind.Object:
                return element.EnumerateObject()
                    .Select(static property => IsReadable(() => property.Name) ? UnreadableText(property.Value) : property.ToString())
                    .FirstOrDefault(static found => found is not null);
            default:
                return null;
        }
    }

    private static bool IsReadable(Func<string?> text)
    {
        try
        {
            return text() is not null;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>The line of a field, from 0: the first of the name behind a place; 0 where there is none.</summary>
    public static int LineOf(string text, string name, int from = 0)
    {
        int at = text.IndexOf($"\"{name}\"", Math.Max(0, from), StringComparison.Ordinal);
        return at < 0 ? 0 : text.AsSpan(0, at).Count('\n');
    }

    private static string? ValueOf(string text, string name)
    {
        try
        {
            using JsonDocument document =
                JsonDocument.Parse(text, new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = 16 });
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
            Options = new() { Layout =
                calibration.IsSecond("layout", "nchw", "nhwc") switch { null => null, true => SampleLayout.ChannelsLast, false =>
                SampleLayout.ChannelsFirst }, BlueFirst = calibration.Flag("bgr") ?? false },
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
            Goal = fields.Word<OptimisationGoal>("optimise") ?? defaults.Goal,
            InputLayout = fields.Word<DataLayout>("inputLayout") ?? defaults.InputLayout,
            OutputLayout = fields.Word<DataLayout>("outputLayout") ?? defaults.OutputLayout,
            Precision = fields.Word<Precision>("precision") ?? defaults.Precision,
            Io = fields.IsSecond("io", "int8", "float32") switch { null => defaults.Io, true => EdgeType.Float32, false =>
                EdgeType.Quantized },
            Calibration = data,
            Method = calibration.Word<RangeMethod>("method") ?? defaults.Method,
            Percentile = calibration.Share("percentile") ?? defaults.Percentile,
            BatchSize = fields.Integer("batch", least: 1) ?? defaults.BatchSize,
            Sizes = fields.Integers("dims") ?? defaults.Sizes,
            Effort = fields.Word<Effort>("effort") ?? defaults.Effort,
            MaxSlowdown = fields.Share("maxSlowdown") ?? defaults.MaxSlowdown,
            TargetSqnr = fields.Share("targetSqnr") ?? defaults.TargetSqnr,
            Equalize = fields.Flag("equalize") ?? defaults.Equalize,
            CorrectBias = fields.Flag("correctBias") ?? defaults.CorrectBias,
            Int16Layers = fields.Texts("int16Layers") ?? defaults.Int16Layers,
        };
    }

    /// <summary>An object's fields, with errors that name place and field. Relative paths begin at the folder.</summary>
    private readonly struct Fields(JsonElement element, string? file, string text, int start = 0)
    {
        public string Folder { get; init; } = file is null ? "" : Path.GetDirectoryName(file)!;

        public bool IsEmpty => element.ValueKind != JsonValueKind.Object;

        public Fields Section(string name)
        {
            JsonElement? value = Find(name);
            if (value is { ValueKind: not JsonValueKind.Object })
                throw Wrong(name, "an object");
            int at = text.IndexOf($"\"{name}\"", start, StringComparison.Ordinal);
            return new(value ?? default, file, text, Math.Max(start, at)) { Folder = Folder };
        }

        /// <summary>A text; null if it is missing or empty.</summary>
        public string? Text(string name) => Find(name) is not { } value ? null
            : value.ValueKind == JsonValueKind.String ? (value.GetString() is { Length: > 0 } found ? found : null)
            : throw Wrong(name, "a text");

        public string? FilePath(string name) => Text(name) is not { } path ? null
            : path.Contains('\0', StringComparison.Ordinal) ? throw Wrong(name, "a path; it holds a null character")
            : Path.GetFullPath(Path.Combine(Folder, path));

        /// <summary>The names of an object's fields.</summary>
        public IEnumerable<string> Names => IsEmpty ? [] : element.EnumerateObject().Select(property => property.Name);

        public int? Integer(string name, int least = 0) => Find(name) is not { } value ? null
            : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) && number >= least ? number
            : throw Wrong(name, $"a whole number of at least {least}");

        /// <summary>An object of whole numbers of at least 1, by their names; null if it is missing.</summary>
        public ImmutableDictionary<string, int>? Integers(string name)
        {
            Fields section = Section(name);
            return section.IsEmpty ? null
                : section.Names.Distinct(StringComparer.Ordinal)
                .ToImmutableDictionary(key => key,
                key => section.Integer(key, least: 1) ?? throw section.Wrong(key, "a whole number of at least 1"));
        }

        /// <summary>A number in percent.</summary>
        public double? Share(string name) => Find(name) is not { } value ? null
            : value.ValueKind == JsonValueKind.Number && value.GetDouble() is > 0 and <= 100 and double share ? share
            : throw Wrong(name, "a number above 0, at most 100");

        public bool? Flag(string name) => Find(name)?.ValueKind switch
        {
            null => null,
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => throw Wrong(name, "true or false"),
        };

        /// <summary>A list of texts; null if it is missing.</summary>
        public ImmutableHashSet<string>? Texts(string name) => Find(name) is not { } value ? null
            : value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String)
            ? [.. value.EnumerateArray().Select(item => item.GetString()!)]
            : throw Wrong(name, "a list of texts");

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
                return EthosU.Quantize.Data.Preprocessing.Parse(Factors("scale"), Factors("mean"), Factors("std"));
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
            element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement value)
            && value.ValueKind != JsonValueKind.Null ? value : null;

        private UserErrorException Wrong(string name, string expected) => Error(name, $"'{name}' must be {expected}.");

        private UserErrorException Error(string name, string problem) =>
            file is null ? new UserErrorException($"The editor's settings: {problem}")
            : new SettingsException(file, LineOf(text, name, start), problem);
    }
}

using System.Text.Json.Nodes;
using EthosU.LanguageServer.Analysis;
using EthosU.Pipeline.Converting;
using EthosU.Pipeline.Targets;
using EthosU.Quantize.Data;
using EthosU.Quantize.Ranges;
using EthosU.Testing;
using Xunit;

namespace EthosU.LanguageServer.Tests;

public class SettingsTests
{
    private static readonly string File = Path.Combine(Path.GetTempPath(), "project", "ethosu.json");

    /// <summary>A value of each setting that is not the default, and where it arrives.</summary>
    public static TheoryData<string, string, string> Settings() => new()
    {
        { "target", "\"ethos-u65-256\"", "ethos-u65-256" }, { "systemConfig", "\"Ethos_U55_Deep_Embedded\"", "Ethos_U55_Deep_Embedded" },
        { "memoryMode", "\"Sram_Only\"", "Sram_Only" }, { "config", "\"a.ini\"", "a.ini" }, { "optimise", "\"balanced\"", "Balanced" },
            { "arenaCacheSize", "4096", "4096" },
        { "inputLayout", "\"nchw\"", "Nchw" }, { "outputLayout", "\"nchw\"", "Nchw" }, { "precision", "\"int16x8\"", "Int16x8" },
            { "io", "\"float32\"", "Float32" },
        { "batch", "2", "2" }, { "dims", "{ \"height\": 192, \"x:3\": 7 }", "height=192 x:3=7" }, { "equalize", "true", "True" },
            { "effort", "\"best\"", "Best" }, { "maxSlowdown", "15", "0.15" }, { "targetSqnr", "30", "30" },
            { "correctBias", "false", "False" }, { "int16Layers", "[\"/a\", \"/b\"]", "/a /b" },
        { "calibration", "{ \"data\": \"d.npz\" }", "d.npz" },
    };

    [Theory]
    [MemberData(nameof(Settings))]
    public void A_setting_arrives_for_all_models_or_for_one(string name, string value, string expected)
    {
        Assert.Equal(expected, Get(name, Read($$"""{ "{{name}}": {{value}} }""")));
        string own = $$"""{ "models": { "net.onnx": { "{{name}}": {{value}} } } }""";
        Assert.Equal(expected, Get(name, Read(own)));
        Assert.NotEqual(expected,
            Get(name, SettingsReader.FromText(File, own, new(), Path.Combine(Path.GetDirectoryName(File)!, "other.onnx"))));
    }

    [Fact]
    public void The_schema_has_the_settings_that_are_read_and_no_others()
    {
        JsonNode schema =
            JsonNode.Parse(System.IO.File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, "media", "ethosu.schema.json")))!;
        string[] known = [.. Settings().Select(row => row.Data.Item1), "$schema", "models"];
        Assert.Equal(known.Order(StringComparer.Ordinal),
            schema["properties"]!.AsObject().Select(property => property.Key).Order(StringComparer.Ordinal));
        Assert.Equal(known.Except(["$schema", "models"]).Order(StringComparer.Ordinal),
            schema["properties"]!["models"]!["additionalProperties"]!["properties"]!.AsObject().Select(property => property.Key)
                .Order(StringComparer.Ordinal));
        foreach (string word in schema["properties"]!["calibration"]!["properties"]!["method"]!["enum"]!.AsArray()
            .Select(word => word!.GetValue<string>()))
            Assert.True(Enum.TryParse<RangeMethod>(word, ignoreCase: true, out _), word);
        Assert.Equal(Enum.GetNames<RangeMethod>().Length,
            schema["properties"]!["calibration"]!["properties"]!["method"]!["enum"]!.AsArray().Count);
    }

    /// <summary>An accelerator that the engine has, and the editor does not offer, would be found by nobody.</summary>
    [Fact]
    public void Schema_and_manifest_offer_all_accelerators()
    {
        string[] known = [.. AcceleratorSummary.All.Select(static accelerator => accelerator.Name)];
        JsonNode schema = Json("media", "ethosu.schema.json"), manifest = Json("package.json");
        Assert.Equal(known, Texts(schema["properties"]!["target"]!["enum"]!));
        Assert.Equal(known, Texts(manifest["contributes"]!["configuration"]!["properties"]!["ethosu.target"]!["enum"]!));

        static JsonNode Json(params string[] path) =>
            JsonNode.Parse(System.IO.File.ReadAllText(Path.Combine([SharedData.RepositoryRoot, .. path])))!;

        static string[] Texts(JsonNode list) => [.. list.AsArray().Select(static text => text!.GetValue<string>())];
    }

    [Fact]
    public void Calibration_is_read_whole()
    {
        ConvertOptions options =
            Read("""{ "calibration": { "data": "d", "samples": 7, "method": "percentile", "percentile": 99.5, "scale": "1/255", "mean": [0.5, 0.4, 0.3], "std": 2, "layout": "nchw", "bgr": true } }""").ConvertOptions("net.onnx");
        Assert.Equal(Path.Combine(Path.GetDirectoryName(File)!, "d"), options.Calibration.Path);
        Assert.Equal(7, options.Calibration.Samples);
        Assert.Equal((RangeMethod.Percentile, 99.5), (options.Ranges.Method, options.Ranges.Percentile));
        Assert.Equal(SampleLayout.ChannelsFirst, options.Calibration.Options.Layout);
        Assert.True(options.Calibration.Options.BlueFirst);
    }

    [Theory]
    [InlineData("{\n \"batch\": 0 }", 1, "at least 1")]
    [InlineData("{\n \"equalize\": \"yes\" }", 1, "true or false")]
    [InlineData("{\n \"dims\": { \"height\": 0 } }", 1, "at least 1")]
    [InlineData("{\n \"dims\": 3 }", 1, "an object")]
    [InlineData("{\n \"int16Layers\": [7] }", 1, "a list of texts")]
    [InlineData("{ \"calibration\": {\n \"data\": \"d\",\n \"percentile\": 101 } }", 2, "at most 100")]
    [InlineData("{ \"precision\": \"int8\",\n \"models\": {\n  \"a.onnx\": {\n   \"precision\": \"int4\" } } }", 3, "one of")]
    [InlineData("{\n \"models\": [] }", 1, "an object")]
    public void What_is_wrong_is_said_with_its_line(string text, int line, string problem)
    {
        SettingsException e = Assert.Throws<SettingsException>(() => SettingsReader.FromText(File, text, new()));
        Assert.Equal(line, e.Line);
        Assert.Contains(problem, e.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("net.onnx", true)]
    [InlineData("models/net.onnx", true)]
    [InlineData("./models/../models/net.onnx", true)]
    [InlineData("other/net.onnx", false)]
    [InlineData("models", false)]
    public void A_model_is_named_by_its_file_or_by_its_path(string name, bool suits)
    {
        ProjectSettings settings =
            SettingsReader.FromText(File, $$"""{ "models": { "{{name}}": { "batch": 9 } } }""", new(),
            Path.Combine(Path.GetDirectoryName(File)!, "models", "net.onnx"));
        Assert.Equal(suits ? 9 : 1, settings.BatchSize);
    }

    private static ProjectSettings Read(string text) =>
        SettingsReader.FromText(File, text, new(), Path.Combine(Path.GetDirectoryName(File)!, "net.onnx"));

    private static string? Get(string name, ProjectSettings settings)
    {
        ConvertOptions convert = settings.ConvertOptions("net.onnx");
        return name switch
        {
            "target" => settings.Target.Accelerator,
            "systemConfig" => settings.Target.SystemConfig,
            "memoryMode" => settings.Target.MemoryMode,
            "config" => settings.Target.ConfigPaths.Select(Path.GetFileName).FirstOrDefault(),
            "optimise" => settings.Goal.ToString(),
            "arenaCacheSize" => settings.Target.ArenaCacheSize?.ToString(System.Globalization.CultureInfo.InvariantCulture),
            "inputLayout" => convert.InputLayout.ToString(),
            "outputLayout" => convert.OutputLayout.ToString(),
            "precision" => convert.Quantization.Precision.ToString(),
            "io" => convert.Quantization.Io.ToString(),
            "batch" => settings.CheckOptions("net.onnx").BatchSize.ToString(System.Globalization.CultureInfo.InvariantCulture),
            "dims" => string
                .Join(' ', convert.Sizes.Intersect(settings.CheckOptions("net.onnx").Sizes)
                .OrderBy(static size => size.Key, StringComparer.Ordinal).Select(static size => $"{size.Key}={size.Value}")),
            "maxSlowdown" => convert.Mixed?.MaxSlowdown?.ToString(System.Globalization.CultureInfo.InvariantCulture),
            "targetSqnr" => convert.Mixed?.TargetSqnr?.ToString(System.Globalization.CultureInfo.InvariantCulture),
            "effort" => convert.Quantization.Effort.ToString(),
            "equalize" => convert.Quantization.Equalize.ToString(),
            "correctBias" => convert.Quantization.CorrectBias.ToString(),
            "int16Layers" => string.Join(' ', convert.Quantization.Int16Layers.Order(StringComparer.Ordinal)),
            _ => Path.GetFileName(convert.Calibration.Path),
        };
    }
}

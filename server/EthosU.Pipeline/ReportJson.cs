using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using EthosU.Pipeline.Accuracy;
using EthosU.Pipeline.Checking;
using EthosU.Pipeline.Compiling;
using EthosU.Pipeline.Converting;
using EthosU.Pipeline.Inspecting;

namespace EthosU.Pipeline;

/// <summary>Writes reports as JSON: names in camel case, absent values left out, enums as words.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(ModelDescription))]
[JsonSerializable(typeof(ConvertReport))]
[JsonSerializable(typeof(AccuracyJobReport))]
[JsonSerializable(typeof(CheckReport))]
[JsonSerializable(typeof(CompileReport))]
[JsonSerializable(typeof(FrontierReport))]
public sealed partial class ReportJson : JsonSerializerContext
{
    // Made late: the generated part's own static fields must be there first.
    private static readonly Lazy<ReportJson> Readable = new(static () => new ReportJson(new JsonSerializerOptions(Default!.Options!)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NewLine = "\n",
    }));

    /// <summary>A report as JSON, with a line break at its end.</summary>
    public static byte[] Write<T>(T report)
    {
        JsonTypeInfo<T> type =
            (JsonTypeInfo<T>)(Readable.Value.GetTypeInfo(typeof(T))
            ?? throw new ArgumentException($"{typeof(T).Name} is not a report", nameof(report)));
        return [.. JsonSerializer.SerializeToUtf8Bytes(report, type), (byte)'\n'];
    }
}

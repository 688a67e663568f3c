using System.Text.Json.Serialization;
using EthosU.LanguageServer.Protocol;

namespace EthosU.LanguageServer.Features;

/// <summary>How the requests beyond the protocol are written as JSON; made at build time.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ModelParams))]
[JsonSerializable(typeof(ListingResult))]
[JsonSerializable(typeof(JobParams))]
[JsonSerializable(typeof(JobResult))]
[JsonSerializable(typeof(CheckParams))]
[JsonSerializable(typeof(CheckResult))]
[JsonSerializable(typeof(TargetsParams))]
[JsonSerializable(typeof(TargetsResult))]
[JsonSerializable(typeof(ModelChangedParams))]
[JsonSerializable(typeof(GraphParams))]
[JsonSerializable(typeof(GraphData))]
[JsonSerializable(typeof(NodeParams))]
[JsonSerializable(typeof(NodeDetails))]
[JsonSerializable(typeof(ReportData))]
[JsonSerializable(typeof(ComparisonData))]
internal sealed partial class ViewJson : JsonSerializerContext;

using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using EthosU.Pipeline.Reports;

namespace EthosU.Pipeline.Checking;

/// <summary>Writes the findings of a check as SARIF 2.1.0, the form in which code hosts and editors take them.</summary>
public static class SarifReport
{
    private const string Root = "SRCROOT";
    private static readonly JsonSerializerOptions Indented =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n" };

    /// <summary>
    /// The report as SARIF. A finding lies on its line of Python where the export recorded that, otherwise in the model's file, with the
    /// operator as logical location. Files below <paramref name="root"/> are named relative to it.
    /// </summary>
    /// <param name="report">The check.</param>
    /// <param name="root">The folder of the sources, usually the current one.</param>
    public static string Write(CheckReport report, string root)
    {
        SourceFiles files = new(root, Path.GetDirectoryName(Path.GetFullPath(report.Model, root))!);
        string[] ids = [.. report.Findings.Select(static finding => finding.RuleId).Distinct().Order(StringComparer.Ordinal)];
        JsonObject run = new()
        {
            ["tool"] = new JsonObject
            {
                ["driver"] = new JsonObject
                {
                    ["name"] = "ethosu",
                    ["fullName"] = "Ethos-U Bridge",
                    ["semanticVersion"] = typeof(SarifReport).Assembly.GetName().Version?.ToString(3),
                    ["rules"] = Array(ids.Select(id => Rule(id, report.Findings.First(finding => finding.RuleId == id)))),
                },
            },
            ["automationDetails"] = new JsonObject { ["id"] = $"ethosu-check/{report.Target}/{files.Name(report.Model)}" },
            ["originalUriBaseIds"] =
                new JsonObject { [Root] = new JsonObject { ["uri"] = new Uri(Path.GetFullPath(root) + "/").AbsoluteUri } },
            ["columnKind"] = "utf16CodeUnits",
            ["results"] = Array(report.Findings
                .Select(finding => Result(finding, System.Array.IndexOf(ids, finding.RuleId), report.Model, files))),
        };
        JsonObject log = new()
        {
            ["$schema"] = "https://json.schemastore.org/sarif-2.1.0.json",
            ["version"] = "2.1.0",
            ["runs"] = new JsonArray(run),
        };
        return log.ToJsonString(Indented) + "\n";
    }

    private static JsonObject Rule(string id, FindingReport example)
    {
        JsonObject rule = new() { ["id"] = id, ["defaultConfiguration"] = new JsonObject { ["level"] = Level(example.Severity) } };
        if (RulePage.Of(id) is { } page)
        {
            rule["shortDescription"] = Text(page.Summary);
            rule["fullDescription"] = Text(page.Why);
            rule["help"] = new JsonObject { ["text"] = page.WhatToDo, ["markdown"] = $"{page.Why}\n\n{page.WhatToDo}" };
        }
        return rule;
    }

    private static JsonObject Result(FindingReport finding, int rule, string model, SourceFiles files)
    {
        string name = finding.Source?.Node ?? finding.Tensor ?? "";
        string subject = string.Join(' ', new[] { finding.Operator, name }.Where(static part => !string.IsNullOrEmpty(part)));
        JsonObject location = new() { ["physicalLocation"] = Place(finding.Source, model, files) };
        if (subject.Length > 0)
        {
            JsonObject logical = new() { ["name"] = name.Length > 0 ? name : finding.Operator, ["kind"] = "object" };
            if (finding.Source?.Module is { Length: > 0 } module)
                logical["fullyQualifiedName"] = module;
            location["logicalLocations"] = new JsonArray(logical);
        }
        string text = finding.Advice.Length > 0 ? $"{finding.Reason} {finding.Advice}" : finding.Reason;
        return new()
        {
            ["ruleId"] = finding.RuleId,
            ["ruleIndex"] = rule,
            ["level"] = Level(finding.Severity),
            ["message"] = Text(subject.Length > 0 ? $"{subject}: {text}" : text),
            ["locations"] = new JsonArray(location),
        };
    }

    private static JsonObject Place(SourceReport? source, string model, SourceFiles files)
    {
        if (source is not { File: { } file, Line: { } line })
            return new() { ["artifactLocation"] = Artifact(files.Name(model)) };
        JsonObject place = new() { ["artifactLocation"] = Artifact(files.NameRecorded(file)) };
        if (line > 0)
            place["region"] = new JsonObject { ["startLine"] = line };
        return place;
    }

    private static JsonObject Artifact(string uri) =>
        Uri.TryCreate(uri, UriKind.Absolute, out _) ? new() { ["uri"] = uri } : new() { ["uri"] = uri, ["uriBaseId"] = Root };

    private static JsonObject Text(string text) => new() { ["text"] = text };

    private static JsonArray Array(IEnumerable<JsonObject> items) => [.. items];

    private static string Level(string severity) => severity == "info" ? "note" : severity;
}

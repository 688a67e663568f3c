using System.Text.Json.Nodes;
using Xunit;

namespace EthosU.LanguageServer.Tests.Wire;

/// <summary>Files, settings and texts that change under the server.</summary>
public class ChangeTests
{
    private const string Model = "detector.onnx";

    [Fact]
    public async Task Problems_go_when_the_model_is_deleted_and_come_when_it_appears()
    {
        using EditorWorkspace workspace = new EditorWorkspace().Copy("detector", Model).Copy("detector", "detector.py");
        await using WireClient client = await workspace.StartAsync();
        await ProblemsAsync(client, workspace.Uri("detector.py"), list => list.Count > 0);
        client.Forget();
        File.Delete(workspace.File(Model));
        await client.NotifyAsync("workspace/didChangeWatchedFiles", Change(workspace.Uri(Model), 3));
        await ProblemsAsync(client, workspace.Uri("detector.py"), list => list.Count == 0);
        client.Forget();
        workspace.Copy("detector", Model);
        await client.NotifyAsync("workspace/didChangeWatchedFiles", Change(workspace.Uri(Model), 1));
        await ProblemsAsync(client, workspace.Uri("detector.py"), list => list.Count > 0);
    }

    [Fact]
    public async Task Another_target_in_the_settings_checks_every_model_again()
    {
        using EditorWorkspace workspace = new EditorWorkspace().Copy("detector", Model);
        await using WireClient client = await workspace.StartAsync();
        await ProblemsAsync(client, workspace.ListingUri(Model), list => list.Count > 0);
        client.Forget();
        await client.NotifyAsync("workspace/didChangeConfiguration",
            new JsonObject { ["settings"] = new JsonObject { ["target"] = "ethos-u65-256" } });
        await ProblemsAsync(client, workspace.ListingUri(Model), list => list.Count > 0);
        await client.NotificationAsync("ethosu/modelChanged", parameters => parameters["uri"]!.GetValue<string>() == workspace.Uri(Model));
        JsonObject listing = await client.RequestAsync("ethosu/listing", new JsonObject { ["uri"] = workspace.Uri(Model) });
        Assert.Contains("ethos-u65-256", listing["result"]!["text"]!.GetValue<string>(), StringComparison.Ordinal);
        JsonObject targets = await client.RequestAsync("ethosu/targets", new JsonObject());
        Assert.Equal("ethos-u65-256", targets["result"]!["current"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("{\n  \"target\": \"ethos-u55-7\"\n}", 1, "ethos-u55-7")]
    [InlineData("{\n  \"target\": \"ethos-u55-128\",\n  \"inputLayout\": \"sideways\"\n}", 2, "nhwc")]
    [InlineData("{\n  \"target\": 7\n}", 1, "a text")]
    [InlineData("{\n  \"optimise\": \"beauty\"\n}", 1, "performance, balanced, size")]
    [InlineData("{\n  \"target\": \n\n}", 3, "JSON")]
    [InlineData("[]", 0, "object")]
    [InlineData("{\n  \"target\": \"ethos-u55-128\",\n  \"memoryMode\": \"Nowhere\"\n}", 2, "Nowhere")]
    public async Task What_is_wrong_in_ethosu_json_stands_on_its_line(string text, int line, string message)
    {
        using EditorWorkspace workspace = new();
        await using WireClient client = await workspace.StartAsync();
        await client.NotifyAsync("textDocument/didOpen", Open(workspace.Uri("ethosu.json"), "json", text));
        JsonArray problems = await ProblemsAsync(client, workspace.Uri("ethosu.json"), list => list.Count > 0);
        JsonNode problem = Assert.Single(problems)!;
        Assert.Equal(line, problem["range"]!["start"]!["line"]!.GetValue<int>());
        Assert.Contains(message, problem["message"]!.GetValue<string>(), StringComparison.Ordinal);
        client.Forget();
        await client.NotifyAsync("textDocument/didChange", new JsonObject
        {
            ["textDocument"] = new JsonObject { ["uri"] = workspace.Uri("ethosu.json"), ["version"] = 2 },
            ["contentChanges"] = new JsonArray(new JsonObject { ["text"] = "{ \"target\": \"ethos-u55-32\" }" }),
        });
        await ProblemsAsync(client, workspace.Uri("ethosu.json"), list => list.Count == 0);
    }

    [Fact]
    public async Task A_settings_file_is_checked_again_when_the_target_of_the_editor_changes()
    {
        using EditorWorkspace workspace = new EditorWorkspace().Copy("detector", Model);
        await File.WriteAllTextAsync(workspace.File("ethosu.json"), "{\n  \"memoryMode\": \"Dedicated_Sram\"\n}",
            TestContext.Current.CancellationToken);
        await using WireClient client = await workspace.StartAsync();
        await ProblemsAsync(client, workspace.Uri("ethosu.json"), list => list.Count == 1);
        client.Forget();
        await client.NotifyAsync("workspace/didChangeConfiguration",
            new JsonObject { ["settings"] = new JsonObject { ["target"] = "ethos-u65-256" } });
        await ProblemsAsync(client, workspace.Uri("ethosu.json"), list => list.Count == 0);
    }

    [Fact]
    public async Task Lenses_and_hovers_stand_where_the_model_is_made()
    {
        using EditorWorkspace workspace = new EditorWorkspace().Copy("detector", Model).Copy("detector", "detector.py");
        await using WireClient client = await workspace.StartAsync();
        await ProblemsAsync(client, workspace.Uri("detector.py"), list => list.Count > 0);
        await client.NotifyAsync("textDocument/didOpen",
            Open(workspace.Uri("detector.py"), "python",
                await File.ReadAllTextAsync(workspace.File("detector.py"), TestContext.Current.CancellationToken)));
        JsonArray lenses = (await client.RequestAsync("textDocument/codeLens", Document(workspace.Uri("detector.py"))))["result"]!
            .AsArray();
        Assert.Contains(lenses,
            lens => lens!["command"]!["command"]!.GetValue<string>() == "ethosu.convert"
                && lens["command"]!["arguments"]![0]!.GetValue<string>() == workspace.Uri(Model));
        JsonArray inListing = (await client.RequestAsync("textDocument/codeLens", Document(workspace.ListingUri(Model))))["result"]!
            .AsArray();
        Assert.Contains(inListing,
            lens => lens!["command"]!["title"]!.GetValue<string>().StartsWith("falls back to the CPU", StringComparison.Ordinal));
        JsonObject position = Document(workspace.Uri("detector.py"));
        position["position"] = new JsonObject { ["line"] = 34, ["character"] = 4 };
        JsonObject hover = await client.RequestAsync("textDocument/hover", position);
        Assert.Contains("runs on the CPU", hover["result"]!["contents"]!["value"]!.GetValue<string>(), StringComparison.Ordinal);
        position = Document(workspace.Uri("detector.py"));
        position["position"] = new JsonObject { ["line"] = 0, ["character"] = 0 };
        Assert.Null((await client.RequestAsync("textDocument/hover", position))["result"]);
    }

    private static async Task<JsonArray> ProblemsAsync(WireClient client, string uri, Predicate<JsonArray> suits) =>
        (await client.NotificationAsync(
        "textDocument/publishDiagnostics",
        parameters => parameters["uri"]!.GetValue<string>() == uri
            && suits(parameters["diagnostics"]!.AsArray())))["params"]!["diagnostics"]!.AsArray();

    private static JsonObject Document(string uri) => new() { ["textDocument"] = new JsonObject { ["uri"] = uri } };

    private static JsonObject Open(string uri, string language, string text) =>
        new() { ["textDocument"] = new JsonObject { ["uri"] = uri, ["languageId"] = language, ["version"] = 1, ["text"] = text } };

    private static JsonObject Change(string uri, int type) =>
        new() { ["changes"] = new JsonArray(new JsonObject { ["uri"] = uri, ["type"] = type }) };
}

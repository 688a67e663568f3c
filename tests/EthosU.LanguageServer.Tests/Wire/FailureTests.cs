using System.Text.Json.Nodes;
using EthosU.Pipeline.Checking;
using EthosU.Testing;
using Xunit;

namespace EthosU.LanguageServer.Tests.Wire;

/// <summary>Errors of the engine, models that are refused, and requests that are given up.</summary>
public class FailureTests
{
    private const string Model = "detector.onnx";

    [Theory]
    [InlineData("ethosu/graph")]
    [InlineData("ethosu/report")]
    [InlineData("ethosu/listing")]
    public async Task An_error_of_the_engine_is_told_with_its_place_in_the_log(string method)
    {
        using EditorWorkspace workspace = new EditorWorkspace().Copy("detector", Model);
        bool broken = true;
        await using WireClient client =
            await workspace.StartAsync(
            (options, cancellation) => broken ? throw new InvalidOperationException("a table has no row")
                : CheckJob.Check(options, cancellation));
        JsonObject answer = await client.RequestAsync(method, new JsonObject { ["uri"] = workspace.Uri(Model) });
        string message = answer["error"]!["message"]!.GetValue<string>();
        Assert.Contains("a table has no row", message, StringComparison.Ordinal);
        string reference = message.Split(' ').Single(word => word.StartsWith("bug-", StringComparison.Ordinal)).TrimEnd('.');
        Assert.Contains($"{reference}: System.InvalidOperationException: a table has no row", client.Log.ToString(),
            StringComparison.Ordinal);
        JsonObject problems =
            await client.NotificationAsync("textDocument/publishDiagnostics", parameters => parameters["diagnostics"]!.AsArray().Count > 0);
        JsonNode problem = Assert.Single(problems["params"]!["diagnostics"]!.AsArray())!;
        Assert.Equal("engine-error", problem["code"]!.GetValue<string>());
        Assert.Contains("bug-", problem["message"]!.GetValue<string>(), StringComparison.Ordinal);
        broken = false;
        Assert.True((await client.RequestAsync(method, new JsonObject { ["uri"] = workspace.Uri(Model) })).ContainsKey("result"));
    }

    [Fact]
    public async Task A_name_that_is_a_link_reaches_the_editor_as_text()
    {
        using EditorWorkspace workspace = new();
        byte[] model = await File
            .ReadAllBytesAsync(SharedData.Require("data", "hostile", "links", "command_link.onnx"), TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(workspace.File("link.onnx"), model, TestContext.Current.CancellationToken);
        await using WireClient client = await workspace.StartAsync();
        foreach (string method in new[] { "ethosu/convert", "ethosu/compile", "ethosu/check", "ethosu/exportC" })
        {
            JsonObject answer =
                await client.RequestAsync(method, new JsonObject { ["uri"] = workspace.Uri("link.onnx"), ["workDoneToken"] = method });
            string shown = (answer["error"]?["message"] ?? answer["result"]!["message"])!.GetValue<string>();
            Assert.DoesNotContain("](", shown, StringComparison.Ordinal);
        }
        JsonObject hover = await client.RequestAsync("textDocument/hover", new JsonObject
        {
            ["textDocument"] = new JsonObject { ["uri"] = workspace.ListingUri("link.onnx") }, ["position"] =
                new JsonObject { ["line"] = 2, ["character"] = 0 },
        });
        Assert.DoesNotContain("](", hover.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain(client.Notifications
            .Where(static note => note["method"]!.GetValue<string>() is "$/progress" or "window/showMessage"),
            static note => note.ToJsonString().Contains("](", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Open_sizes_are_named_so_that_the_editor_can_ask_for_them()
    {
        using EditorWorkspace workspace = new();
        File.Copy(SharedData.Require("data", "wild", "yunet_s_dynamic.onnx"), workspace.File("net.onnx"));
        await using WireClient client = await workspace.StartAsync();
        JsonObject answer = await client.RequestAsync("ethosu/check", new JsonObject { ["uri"] = workspace.Uri("net.onnx") });
        Assert.Contains("cannot be converted", answer["result"]!["message"]!.GetValue<string>(), StringComparison.Ordinal);
        JsonNode error = (await client.RequestAsync("ethosu/compile", new JsonObject { ["uri"] = workspace.Uri("net.onnx") }))["error"]!;
        string[] names = [.. error["data"]!["openSizes"]!.AsArray().Select(static name => name!.GetValue<string>())];
        Assert.NotEmpty(names);
        workspace.Write("ethosu.json", new JsonObject
        {
            ["models"] = new JsonObject { ["net.onnx"] =
                new JsonObject { ["dims"] = new JsonObject(names.Select(static name => KeyValuePair.Create(name, (JsonNode?)64))) } },
        }.ToJsonString());
        Assert.Null((await client.RequestAsync("ethosu/compile", new JsonObject { ["uri"] = workspace.Uri("net.onnx") }))["error"]);
    }

    [Fact]
    public async Task A_file_of_somebody_elses_is_replaced_only_when_the_user_agrees()
    {
        using EditorWorkspace workspace = new EditorWorkspace().Copy("detector", Model);
        workspace.Write("detector.tflite", "precious");
        await using WireClient client = await workspace.StartAsync();
        JsonObject parameters = new() { ["uri"] = workspace.Uri(Model) };
        JsonNode asked = (await client.RequestAsync("ethosu/convert", parameters))["result"]!;
        Assert.Contains("detector.tflite", asked["question"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("precious", await File.ReadAllTextAsync(workspace.File("detector.tflite"), TestContext.Current.CancellationToken));
        parameters = new() { ["uri"] = workspace.Uri(Model), ["overwrite"] = true };
        Assert.Null((await client.RequestAsync("ethosu/convert", parameters))["result"]!["question"]);
        JsonObject again = new() { ["uri"] = workspace.Uri(Model) };
        Assert.Null((await client.RequestAsync("ethosu/convert", again))["result"]!["question"]);
    }

    [Fact]
    public async Task A_version_of_a_file_is_analysed_once()
    {
        using EditorWorkspace workspace = new EditorWorkspace().Copy("detector", Model);
        int count = 0;
        await using WireClient client = await workspace.StartAsync((options, cancellation) =>
        {
            Interlocked.Increment(ref count);
            return CheckJob.Check(options, cancellation);
        });
        string[] methods = ["ethosu/graph", "ethosu/listing", "ethosu/report", "ethosu/check", "ethosu/graph"];
        List<int> ids = [];
        foreach (string method in methods)
            ids.Add(await client.SendRequestAsync(method, new JsonObject { ["uri"] = workspace.Uri(Model) }));
        foreach (int id in ids)
            Assert.True((await client.AnyAnswerAsync(answered => answered == id)).ContainsKey("result"));
        Assert.Equal(1, count);
    }

    [Fact]
    public async Task A_refused_model_is_drawn_as_it_stands_in_the_file_with_the_problems_on_its_nodes()
    {
        using EditorWorkspace workspace = new EditorWorkspace().Copy("detector", "detector.py");
        await File.WriteAllBytesAsync(workspace.File("refused.onnx"), WithUnknownOperator(), TestContext.Current.CancellationToken);
        await using WireClient client = await workspace.StartAsync();
        JsonObject parameters = new() { ["uri"] = workspace.Uri("refused.onnx") };
        JsonNode graph = (await client.RequestAsync("ethosu/graph", parameters))["result"]!;
        Assert.StartsWith("This model cannot be converted: 1 problem.", graph["summary"]!.GetValue<string>(), StringComparison.Ordinal);
        JsonNode node = Assert.Single(graph["nodes"]!.AsArray(), node => node!["severity"]?.GetValue<string>() == "error")!;
        Assert.Equal("TopQ", node["label"]!.GetValue<string>());
        Assert.Contains(graph["edges"]!.AsArray(), edge => edge!["to"]!.GetValue<string>() == node["id"]!.GetValue<string>());
        JsonNode details =
            (await client.RequestAsync("ethosu/node",
            new JsonObject { ["uri"] = workspace.Uri("refused.onnx"), ["id"] = node["id"]!.GetValue<string>() }))["result"]!;
        JsonNode finding = Assert.Single(details["findings"]!.AsArray())!;
        Assert.Equal("onnx-unsupported", finding["rule"]!.GetValue<string>());
        Assert.Equal("detector.py:35", details["source"]!["label"]!.GetValue<string>());
        JsonNode report = (await client.RequestAsync("ethosu/report", parameters.DeepClone()))["result"]!;
        Assert.Equal(node["id"]!.GetValue<string>(), report["findings"]![0]!["node"]!.GetValue<string>());
        string listing = (await client.RequestAsync("ethosu/listing", parameters.DeepClone()))["result"]!["text"]!.GetValue<string>();
        Assert.Contains("TopQ(", listing, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ethosu/check")]
    [InlineData("ethosu/graph")]
    [InlineData("ethosu/compare")]
    [InlineData("ethosu/report")]
    public async Task Every_long_request_can_be_cancelled(string method)
    {
        using EditorWorkspace workspace = new EditorWorkspace().Copy("detector", Model);
        using SemaphoreSlim under = new(0);
        await using WireClient client = await workspace.StartAsync((_, cancellation) =>
        {
            under.Release();
            cancellation.WaitHandle.WaitOne(TimeSpan.FromSeconds(30));
            cancellation.ThrowIfCancellationRequested();
            throw new InvalidOperationException("it was not cancelled");
        });
        await client.NotifyAsync("workspace/didChangeConfiguration",
            new JsonObject { ["settings"] = new JsonObject { ["check"] = new JsonObject { ["automatic"] = false } } });
        int id = await client.SendRequestAsync(method, new JsonObject { ["uri"] = workspace.Uri(Model), ["target"] = "ethos-u65-256" });
        Assert.True(await under.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        await client.NotifyAsync("$/cancelRequest", new JsonObject { ["id"] = id });
        Assert.Equal(-32800, (await client.AnswerAsync(id))["error"]!["code"]!.GetValue<int>());
    }

    [Fact]
    public async Task The_progress_of_a_check_cancels_it()
    {
        using EditorWorkspace workspace = new EditorWorkspace().Copy("detector", Model);
        await using WireClient client = await workspace.StartAsync((_, cancellation) =>
        {
            cancellation.WaitHandle.WaitOne(TimeSpan.FromSeconds(30));
            cancellation.ThrowIfCancellationRequested();
            throw new InvalidOperationException("it was not cancelled");
        });
        int id = await client
            .SendRequestAsync("ethosu/check", new JsonObject { ["uri"] = null, ["target"] = "ethos-u65-256", ["workDoneToken"] = "check" });
        await client.NotificationAsync("$/progress", parameters => parameters["value"]!["kind"]!.GetValue<string>() == "report");
        await client.NotifyAsync("window/workDoneProgress/cancel", new JsonObject { ["token"] = "check" });
        Assert.Equal(-32800, (await client.AnswerAsync(id))["error"]!["code"]!.GetValue<int>());
        await client.NotificationAsync("$/progress", parameters => parameters["value"]!["kind"]!.GetValue<string>() == "end");
    }

    /// <summary>The detector with an operator that ONNX does not have in the place of TopK.</summary>
    private static byte[] WithUnknownOperator()
    {
        byte[] model = File.ReadAllBytes(Path.Combine(SharedData.RepositoryRoot, "samples", "detector", Model));
        // Field 4 of a node, with its length.
        int at = model.AsSpan().IndexOf("\x22\x04TopK"u8);
        "TopQ"u8.CopyTo(model.AsSpan(at + 2));
        return model;
    }
}

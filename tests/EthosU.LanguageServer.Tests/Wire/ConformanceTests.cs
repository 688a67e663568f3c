using System.Text.Json.Nodes;
using Xunit;

namespace EthosU.LanguageServer.Tests.Wire;

/// <summary>The protocol's life cycle and errors, byte for byte.</summary>
public class ConformanceTests
{
    [Fact]
    public async Task Initialize_shutdown_exit_ends_with_0()
    {
        await using WireClient client = new();
        JsonObject answer =
            await client.RequestAsync("initialize",
            new JsonObject { ["processId"] = null, ["rootUri"] = null, ["capabilities"] = new JsonObject() });
        Assert.Equal("Ethos-U Bridge", answer["result"]!["serverInfo"]!["name"]!.GetValue<string>());
        Assert.True(answer["result"]!["capabilities"]!["hoverProvider"]!.GetValue<bool>());
        await client.NotifyAsync("initialized", new JsonObject());
        JsonObject shutdown = await client.RequestAsync("shutdown");
        Assert.True(shutdown.ContainsKey("result"));
        Assert.Null(shutdown["result"]);
        await client.NotifyAsync("exit");
        Assert.Equal(0, await client.Server.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Exit_without_shutdown_ends_with_1()
    {
        await using WireClient client = new();
        await client.InitializeAsync();
        await client.NotifyAsync("exit");
        Assert.Equal(1, await client.Server.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_lost_connection_ends_the_server()
    {
        await using WireClient client = new();
        await client.InitializeAsync();
        client.Hangup();
        Assert.Equal(1, await client.Server.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("textDocument/didOpen", -32002)]
    [InlineData("shutdown", -32002)]
    public async Task Requests_before_initialize_are_refused(string method, int code)
    {
        await using WireClient client = new();
        JsonObject answer = await client.RequestAsync(method, method == "shutdown" ? new JsonObject() : Opened());
        Assert.Equal(code, answer["error"]!["code"]!.GetValue<int>());
    }

    [Fact]
    public async Task Requests_after_shutdown_are_refused()
    {
        await using WireClient client = new();
        await client.InitializeAsync();
        await client.RequestAsync("shutdown");
        JsonObject answer = await client.RequestAsync("textDocument/didOpen", Opened());
        Assert.Equal(-32600, answer["error"]!["code"]!.GetValue<int>());
    }

    private static JsonObject Opened() =>
        new() { ["textDocument"] = new JsonObject { ["uri"] = "file:///a.py", ["languageId"] = "python", ["version"] = 1, ["text"] = "" } };

    [Theory]
    [InlineData("{}")]
    [InlineData("""{ "textDocument": null }""")]
    [InlineData("""{ "textDocument": { "uri": 7, "text": [] } }""")]
    public async Task Parameters_that_are_none_are_told_as_such(string parameters)
    {
        await using WireClient client = new();
        await client.InitializeAsync();
        JsonObject answer = await client.RequestAsync("textDocument/didOpen", JsonNode.Parse(parameters));
        Assert.Equal(-32602, answer["error"]!["code"]!.GetValue<int>());
        Assert.DoesNotContain("bug-", client.Log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_initialize_is_refused()
    {
        await using WireClient client = new();
        await client.InitializeAsync();
        JsonObject answer = await client.RequestAsync("initialize", new JsonObject { ["capabilities"] = new JsonObject() });
        Assert.Equal(-32600, answer["error"]!["code"]!.GetValue<int>());
    }

    [Fact]
    public async Task Unknown_methods_are_answered_and_unknown_notifications_passed_over()
    {
        await using WireClient client = new();
        await client.InitializeAsync();
        await client.NotifyAsync("$/unknown", new JsonObject());
        await client.NotifyAsync("no/such", new JsonObject());
        JsonObject answer = await client.RequestAsync("no/such", new JsonObject());
        Assert.Equal(-32601, answer["error"]!["code"]!.GetValue<int>());
    }

    [Theory]
    [InlineData("{")]
    [InlineData("not json at all")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"jsonrpc\":\"2.0\"}")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"shutdown\"}")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1000001,\"method\":7}")]
    [InlineData("\"\\ud800\"")]
    public async Task The_server_lives_through_a_malformed_message(string content)
    {
        await using WireClient client = new();
        await client.InitializeAsync();
        await client.SendAsync(content);
        JsonObject answer = await client.RequestAsync("no/such", new JsonObject());
        Assert.Equal(-32601, answer["error"]!["code"]!.GetValue<int>());
    }

    [Fact]
    public async Task Wrong_parameters_are_an_error_of_the_request_alone()
    {
        await using WireClient client = new();
        await client.InitializeAsync();
        await client.NotifyAsync("textDocument/didOpen", new JsonObject { ["textDocument"] = 7 });
        await client.NotifyAsync("textDocument/didOpen", new JsonArray(1, 2, 3));
        JsonObject answer = await client.RequestAsync("shutdown");
        Assert.True(answer.ContainsKey("result"));
    }

    [Fact]
    public async Task A_thousand_rapid_requests_are_all_answered()
    {
        await using WireClient client = new();
        await client.InitializeAsync();
        for (int i = 0; i < 1000; i++)
            await client.SendRequestAsync("no/such", new JsonObject { ["number"] = i });
        HashSet<int> answered = [];
        JsonObject last = await client.RequestAsync("shutdown");
        answered.UnionWith(client.Notifications.Where(m => m["id"] is not null && m["error"] is not null)
            .Select(m => m["id"]!.GetValue<int>()));
        Assert.True(last.ContainsKey("result"));
        Assert.Equal(1000, answered.Count);
    }
}

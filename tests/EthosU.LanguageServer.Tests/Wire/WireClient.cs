using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EthosU.LanguageServer.Hosting;
using EthosU.Pipeline.Checking;

namespace EthosU.LanguageServer.Tests.Wire;

/// <summary>A client that speaks the protocol's bytes itself, to a server in this process over two pipes.</summary>
internal sealed class WireClient : IAsyncDisposable
{
    private readonly Stream output;
    private readonly Stream input;
    private readonly List<JsonObject> notifications = [];
    private int lastId;

    public WireClient(Func<CheckOptions, CancellationToken, CheckedModel>? check = null)
    {
        Pipe toServer = new(), fromServer = new();
        output = toServer.Writer.AsStream();
        input = fromServer.Reader.AsStream();
        Server = Task.Run(
            () => LanguageServerProcess
                .RunAsync(toServer.Reader.AsStream(), fromServer.Writer.AsStream(), new ServerLog(TextWriter.Synchronized(Log)), check));
    }

    /// <summary>A client of a server that runs elsewhere.</summary>
    public WireClient(Stream output, Stream input, Task<int> server) => (this.output, this.input, Server) = (output, input, server);

    /// <summary>Ends with the server's exit code.</summary>
    public Task<int> Server { get; }

    /// <summary>What the server logged.</summary>
    public StringWriter Log { get; } = new();

    /// <summary>What the server told without being asked, so far.</summary>
    public IReadOnlyList<JsonObject> Notifications => notifications;

    public async Task InitializeAsync(string? rootUri = null)
    {
        await RequestAsync("initialize",
            new JsonObject { ["processId"] = null, ["rootUri"] = rootUri, ["capabilities"] = new JsonObject() });
        await NotifyAsync("initialized", new JsonObject());
    }

    /// <summary>Sends a request and waits for its answer; the whole message, with <c>result</c> or <c>error</c>.</summary>
    public async Task<JsonObject> RequestAsync(string method, JsonNode? parameters = null)
    {
        int id = await SendRequestAsync(method, parameters);
        return await AnswerAsync(id);
    }

    /// <summary>Sends a request without waiting; returns its id.</summary>
    public async Task<int> SendRequestAsync(string method, JsonNode? parameters = null)
    {
        int id = ++lastId;
        JsonObject message = new() { ["jsonrpc"] = "2.0", ["id"] = id, ["method"] = method };
        if (parameters is not null)
            message["params"] = parameters;
        await SendAsync(message.ToJsonString());
        return id;
    }

    public Task NotifyAsync(string method, JsonNode? parameters = null)
    {
        JsonObject message = new() { ["jsonrpc"] = "2.0", ["method"] = method };
        if (parameters is not null)
            message["params"] = parameters;
        return SendAsync(message.ToJsonString());
    }

    /// <summary>Sends bytes in the protocol's framing, whatever they are.</summary>
    public async Task SendAsync(string content)
    {
        byte[] body = Encoding.UTF8.GetBytes(content);
        await output.WriteAsync(Encoding.ASCII.GetBytes($"Content-Length: {body.Length}\r\n\r\n"));
        await output.WriteAsync(body);
        await output.FlushAsync();
    }

    /// <summary>Reads until the answer to a request comes.</summary>
    public async Task<JsonObject> AnswerAsync(int id)
    {
        while (true)
        {
            JsonObject message = await ReadAsync();
            if (message["id"] is { } answered && message["method"] is null && answered.GetValueKind() == JsonValueKind.Number
                && answered.GetValue<int>() == id)
                return message;
            notifications.Add(message);
        }
    }

    /// <summary>The first answer, of those read and those to come, to a request whose id suits.</summary>
    public async Task<JsonObject> AnyAnswerAsync(Predicate<int> suits)
    {
        for (int next = 0; ; next++)
        {
            while (next >= notifications.Count)
                notifications.Add(await ReadAsync());
            if (notifications[next] is { } message && message["method"] is null && message["id"]?.GetValueKind() == JsonValueKind.Number
                && suits(message["id"]!.GetValue<int>()))
                return message;
        }
    }

    /// <summary>Forgets what the server told so far.</summary>
    public void Forget() => notifications.Clear();

    /// <summary>Sends bytes as they are.</summary>
    public async Task SendRawAsync(string text)
    {
        await output.WriteAsync(Encoding.ASCII.GetBytes(text));
        await output.FlushAsync();
    }

    /// <summary>Reads until a notification of the method comes that suits.</summary>
    public async Task<JsonObject> NotificationAsync(string method, Func<JsonNode, bool> suits)
    {
        for (int next = 0; ; next++)
        {
            while (next >= notifications.Count)
                notifications.Add(await ReadAsync());
            if (notifications[next]["method"]?.GetValue<string>() == method && suits(notifications[next]["params"]!))
                return notifications[next];
        }
    }

    /// <summary>Closes the connection as a killed editor would.</summary>
    public void Hangup() => output.Dispose();

    public async ValueTask DisposeAsync()
    {
        await output.DisposeAsync();
        await Server.WaitAsync(TimeSpan.FromSeconds(30));
        await input.DisposeAsync();
    }

    private async Task<JsonObject> ReadAsync()
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(60));
        int length = 0;
        while (await ReadLineAsync(patience.Token) is { Length: > 0 } header)
            if (header.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
                length = int.Parse(header["Content-Length:".Length..], System.Globalization.CultureInfo.InvariantCulture);
        byte[] body = new byte[length];
        await input.ReadExactlyAsync(body, patience.Token);
        return JsonNode.Parse(body)!.AsObject();
    }

    private async Task<string> ReadLineAsync(CancellationToken patience)
    {
        StringBuilder line = new();
        byte[] one = new byte[1];
        while (true)
        {
            await input.ReadExactlyAsync(one, patience);
            if (one[0] == '\n')
                return line.ToString().TrimEnd('\r');
            line.Append((char)one[0]);
        }
    }
}

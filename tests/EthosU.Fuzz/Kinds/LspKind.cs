using System.IO.Pipelines;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using EthosU.Fuzz.Mutants;
using EthosU.LanguageServer;
using EthosU.LanguageServer.Hosting;
using EthosU.Testing;

namespace EthosU.Fuzz.Kinds;

/// <summary>
/// Sessions of the editor with the language server: whatever it says, the server answers, lives, and ends when it is told to.
/// </summary>
internal sealed partial class LspKind() : MadeKind(".json", MakeSeeds)
{
    private const string Place = "file:///FOLDER";
    // A server that waits for ever, told before the campaign gives up; one that computes too long is seen by its processor time.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);
    private static readonly string Model = Path.Combine(SharedData.RepositoryRoot, "samples", "detector", "detector.onnx");

    public override string Name => "lsp";

    public override string? Run(byte[] content, string folder, Random random)
    {
        if (random.Next(8) == 0)
            File.Copy(Model, Path.Combine(folder, "net.onnx"));
        File.WriteAllText(Path.Combine(folder, "export.py"), "import torch\ntorch.onnx.export(net, x, \"net.onnx\")\n");
        string text = Encoding.UTF8.GetString(content).Replace(Place, DocumentUri.FromPath(folder), StringComparison.Ordinal);
        return RunAsync(text, random).GetAwaiter().GetResult();
    }

    protected override byte[] Mutate(byte[] seed, byte[] other, Random random) => JsonMutator.Mutate(seed, random);

    private static async Task<string?> RunAsync(string text, Random random)
    {
        Pipe toServer = new(), fromServer = new();
        using StringWriter log = new();
        Task<int> server =
            Task.Run(() => LanguageServerProcess
            .RunAsync(toServer.Reader.AsStream(), fromServer.Writer.AsStream(), new ServerLog(TextWriter.Synchronized(log))));
        Task drain = fromServer.Reader.AsStream().CopyToAsync(Stream.Null);
        Stream output = toServer.Writer.AsStream();
        foreach (string message in Messages(text))
            await SendAsync(output, message, random.Next(40) == 0 ? random.Next(-3, 4) : 0).ConfigureAwait(false);
        await SendAsync(output,
            """{"jsonrpc":"2.0","id":990001,"method":"initialize","params":{"processId":null,"rootUri":null,"capabilities":{}}}""", 0)
                .ConfigureAwait(false);
        await SendAsync(output, """{"jsonrpc":"2.0","id":990002,"method":"shutdown"}""", 0).ConfigureAwait(false);
        await SendAsync(output, """{"jsonrpc":"2.0","method":"exit"}""", 0).ConfigureAwait(false);
        await output.DisposeAsync().ConfigureAwait(false);
        try
        {
            await server.WaitAsync(Longest).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return "the server does not end when it is told to";
        }
        catch (Exception e)
        {
            return $"the server fails: {CommandLine.Signature(e.ToString())}";
        }
        string said;
        lock (log)
            said = log.ToString();
        Match bug = Bug().Match(said);
        return bug.Success ? CommandLine.Signature(said[bug.Index..]) : null;
    }

    private static string[] Messages(string text)
    {
        try
        {
            JsonNode? root = JsonNode.Parse(text);
            return root is JsonArray list ? [.. list.Select(static message => message?.ToJsonString() ?? "null")] : [text];
        }
        catch (Exception e) when (e is System.Text.Json.JsonException or ArgumentException or InvalidOperationException)
        {
            return text.Split("},{");
        }
    }

    private static async Task SendAsync(Stream output, string message, int lie)
    {
        byte[] content = Encoding.UTF8.GetBytes(message);
        await output.WriteAsync(Encoding.ASCII.GetBytes($"Content-Length: {Math.Max(0, content.Length + lie)}\r\n\r\n"))
            .ConfigureAwait(false);
        await output.WriteAsync(content).ConfigureAwait(false);
        await output.FlushAsync().ConfigureAwait(false);
    }

    private static IEnumerable<byte[]> MakeSeeds()
    {
        const string Start =
            """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"processId":null,"workspaceFolders":[{"uri":"file:///FOLDER","name":"w"}],"rootUri":"file:///FOLDER","capabilities":{"workspace":{"codeLens":{"refreshSupport":false}}},"initializationOptions":{"settings":{"target":"ethos-u55-128","convert":{"calibration":"x.npz"},"check":{"automatic":true}},"trusted":true,"rulesFolder":"/rules"}}},{"jsonrpc":"2.0","method":"initialized","params":{}}""";
        string[] sessions =
        [
            """{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":{"uri":"file:///FOLDER/export.py","languageId":"python","version":1,"text":"import torch\ntorch.onnx.export(net, x, \"net.onnx\")"}}},{"jsonrpc":"2.0","id":2,"method":"textDocument/codeLens","params":{"textDocument":{"uri":"file:///FOLDER/export.py"}}},{"jsonrpc":"2.0","id":3,"method":"textDocument/hover","params":{"textDocument":{"uri":"file:///FOLDER/export.py"},"position":{"line":1,"character":3}}},{"jsonrpc":"2.0","method":"textDocument/didChange","params":{"textDocument":{"uri":"file:///FOLDER/export.py","version":2},"contentChanges":[{"text":"x"}]}},{"jsonrpc":"2.0","method":"textDocument/didClose","params":{"textDocument":{"uri":"file:///FOLDER/export.py"}}}""",
            """{"jsonrpc":"2.0","id":2,"method":"ethosu/graph","params":{"uri":"file:///FOLDER/net.onnx"}},{"jsonrpc":"2.0","id":3,"method":"ethosu/node","params":{"uri":"file:///FOLDER/net.onnx","id":"n0","inside":null}},{"jsonrpc":"2.0","id":4,"method":"ethosu/report","params":{"uri":"file:///FOLDER/net.onnx"}},{"jsonrpc":"2.0","id":5,"method":"ethosu/listing","params":{"uri":"file:///FOLDER/net.onnx"}},{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":4}}""",
            """{"jsonrpc":"2.0","id":2,"method":"ethosu/check","params":{"uri":"file:///FOLDER/net.onnx","target":"ethos-u65-256","workDoneToken":"a"}},{"jsonrpc":"2.0","id":3,"method":"ethosu/targets","params":{"uri":"file:///FOLDER/net.onnx"}},{"jsonrpc":"2.0","method":"window/workDoneProgress/cancel","params":{"token":"a"}},{"jsonrpc":"2.0","method":"workspace/didChangeConfiguration","params":{"settings":{"target":"ethos-u55-32","check":{"automatic":false}}}}""",
            """{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":{"uri":"file:///FOLDER/ethosu.json","languageId":"json","version":1,"text":"{ \"target\": \"ethos-u55-64\" }"}}},{"jsonrpc":"2.0","method":"workspace/didChangeWatchedFiles","params":{"changes":[{"uri":"file:///FOLDER/net.onnx","type":2},{"uri":"file:///FOLDER/ethosu.json","type":1}]}},{"jsonrpc":"2.0","method":"workspace/didChangeWorkspaceFolders","params":{"event":{"added":[{"uri":"file:///FOLDER/sub","name":"s"}],"removed":[]}}},{"jsonrpc":"2.0","method":"ethosu/trusted"}""",
            """{"jsonrpc":"2.0","id":2,"method":"ethosu/exportC","params":{"uri":"file:///FOLDER/net.tflite","overwrite":false}},{"jsonrpc":"2.0","id":3,"method":"ethosu/compare","params":{"uri":"file:///FOLDER/absent.onnx"}},{"jsonrpc":"2.0","id":4,"method":"textDocument/codeLens","params":{"textDocument":{"uri":"ethosu-listing:///FOLDER/net.onnx.listing"}}}""",
        ];
        return sessions.Select(static session => Encoding.UTF8.GetBytes($"[{Start},{session}]"));
    }

    [GeneratedRegex(@"bug-\d+-\d+: ")]
    private static partial Regex Bug();
}

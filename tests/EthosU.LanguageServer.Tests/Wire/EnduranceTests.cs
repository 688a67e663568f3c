using System.Diagnostics;
using System.Text.Json.Nodes;
using EthosU.Graphs;
using EthosU.Npy;
using EthosU.Testing;
using Xunit;

namespace EthosU.LanguageServer.Tests.Wire;

/// <summary>Cancelling, damaged models and many models: the server lives on and leaves nothing behind.</summary>
public class EnduranceTests
{
    /// <summary>Settings with which a conversion takes many seconds, so that it is under way when it is cancelled.</summary>
    private static void WriteLongWork(EditorWorkspace workspace)
    {
        const int Samples = 20_000;
        NumpyFile.Write(workspace.File("calibration.npy"), new(ElementType.UInt8, [Samples, 3, 32, 32], new byte[Samples * 3 * 32 * 32]));
        workspace.Write(
            "ethosu.json", $$"""{ "calibration": { "data": "calibration.npy", "samples": {{Samples}}, "method": "entropy" } }""");
    }

    [Theory]
    [InlineData("ethosu/convert")]
    [InlineData("ethosu/compile")]
    public async Task A_cancelled_job_stops_and_leaves_no_file(string method)
    {
        using EditorWorkspace workspace = new EditorWorkspace().Copy("digits", "simple_network.onnx");
        WriteLongWork(workspace);
        await using WireClient client = await workspace.StartAsync();
        int id = await client
            .SendRequestAsync(method, new JsonObject { ["uri"] = workspace.Uri("simple_network.onnx"), ["workDoneToken"] = "job" });
        await client.NotificationAsync("$/progress",
            parameters => parameters["value"]!["message"]?.GetValue<string>().StartsWith("calibrating", StringComparison.Ordinal) == true);
        await client.NotifyAsync("$/cancelRequest", new JsonObject { ["id"] = id });
        JsonObject answer = await client.AnswerAsync(id);
        Assert.Equal(-32800, answer["error"]!["code"]!.GetValue<int>());
        Assert.Equal(["calibration.npy", "ethosu.json", "simple_network.onnx"],
            Directory.GetFiles(workspace.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        await client.NotificationAsync("$/progress", parameters => parameters["value"]!["kind"]!.GetValue<string>() == "end");
    }

    [Fact]
    public async Task The_progress_dialog_cancels_too()
    {
        using EditorWorkspace workspace = new EditorWorkspace().Copy("digits", "simple_network.onnx");
        WriteLongWork(workspace);
        await using WireClient client = await workspace.StartAsync();
        int id = await client
            .SendRequestAsync("ethosu/convert",
            new JsonObject { ["uri"] = workspace.Uri("simple_network.onnx"), ["workDoneToken"] = "job" });
        await client.NotificationAsync("$/progress",
            parameters => parameters["value"]!["message"]?.GetValue<string>().StartsWith("calibrating", StringComparison.Ordinal) == true);
        await client.NotifyAsync("window/workDoneProgress/cancel", new JsonObject { ["token"] = "job" });
        Assert.Equal(-32800, (await client.AnswerAsync(id))["error"]!["code"]!.GetValue<int>());
        Assert.False(File.Exists(workspace.File("simple_network.tflite")));
    }

    [Fact]
    public async Task Damaged_models_get_answers_from_every_request()
    {
        using EditorWorkspace workspace = new();
        byte[] model = await File
            .ReadAllBytesAsync(Path.Combine(SharedData.RepositoryRoot, "samples", "detector", "detector.onnx"),
            TestContext.Current.CancellationToken);
        Random random = new(17);
        await using WireClient client = await workspace.StartAsync();
        for (int round = 0; round < 40; round++)
        {
            byte[] damaged = [.. model];
            for (int i = 0; i < 1 + round; i++)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            string name = $"damaged{round}.onnx";
            await File.WriteAllBytesAsync(workspace.File(name), round % 4 == 0 ? damaged[..random.Next(damaged.Length)]
                : damaged, TestContext.Current.CancellationToken);
            foreach (string method in (string[])["ethosu/listing", "ethosu/graph", "ethosu/report", "ethosu/check"])
            {
                JsonObject answer = await client.RequestAsync(method, new JsonObject { ["uri"] = workspace.Uri(name) });
                Assert.True(answer.ContainsKey("result") || answer["error"]!["message"]!.GetValue<string>().Length > 0);
            }
        }
        Assert.DoesNotContain("bug-", client.Log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_thousand_rapid_requests_about_models_are_all_answered()
    {
        using EditorWorkspace workspace = new EditorWorkspace().Copy("detector", "detector.onnx");
        await using WireClient client = await workspace.StartAsync();
        string[] methods = ["ethosu/listing", "ethosu/targets", "ethosu/graph", "textDocument/hover", "textDocument/codeLens"];
        List<int> ids = [];
        for (int i = 0; i < 1000; i++)
        {
            JsonObject parameters = methods[i % methods.Length].StartsWith("text", StringComparison.Ordinal)
                ? new() { ["textDocument"] = new JsonObject { ["uri"] = workspace.ListingUri("detector.onnx") }, ["position"] =
                new JsonObject { ["line"] = i % 20, ["character"] = 0 } }
                : new() { ["uri"] = workspace.Uri("detector.onnx") };
            ids.Add(await client.SendRequestAsync(methods[i % methods.Length], parameters));
            if (i % 7 == 0)
                await client.NotifyAsync("$/cancelRequest", new JsonObject { ["id"] = ids[^1] });
        }
        await client.RequestAsync("no/such");
        HashSet<int> waiting = [.. ids];
        while (waiting.Count > 0)
        {
            JsonObject answer = await client.AnyAnswerAsync(waiting.Contains);
            Assert.True(answer.ContainsKey("result") || answer["error"]!["code"]!.GetValue<int>() == -32800, answer.ToJsonString());
            waiting.Remove(answer["id"]!.GetValue<int>());
        }
    }

    [Fact]
    public async Task Memory_stays_bounded_with_many_models()
    {
        string source = SharedData.Require("data", "models", "mobilenet_v2_224_int8.tflite");
        using EditorWorkspace workspace = new();
        byte[] model = await File.ReadAllBytesAsync(source, TestContext.Current.CancellationToken);
        await using WireClient client = await workspace.StartAsync();
        await OpenAsync(client, workspace, model, 0);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        for (int i = 1; i <= 60; i++)
            await OpenAsync(client, workspace, model, i);
        long grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.True(grown < 250L << 20, $"{grown >> 20} MiB more are held after 60 models of 4 MB");
    }

    [Theory]
    [InlineData("Content-Length: 0\r\n\r\n", true)]
    [InlineData("Content-Length: -5\r\n\r\n", true)]
    [InlineData("garbage without a colon\r\n\r\n", false)]
    [InlineData("Content-Length: many\r\n\r\n", false)]
    public async Task Damaged_framing_is_survived_or_ends_the_server_cleanly(string bytes, bool lives)
    {
        using EditorWorkspace workspace = new();
        await using WireClient client = await workspace.StartAsync();
        await client.SendRawAsync(bytes);
        if (lives)
            Assert.True((await client.RequestAsync("ethosu/targets", new JsonObject())).ContainsKey("result"));
        else
            Assert.Equal(1, await client.Server.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_process_speaks_the_protocol_on_its_standard_streams()
    {
        using Process process = Process.Start(new ProcessStartInfo("dotnet", [typeof(LanguageServerProcess).Assembly.Location])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        await using (WireClient client = new(process.StandardInput.BaseStream, process.StandardOutput.BaseStream, WaitAsync(process)))
        {
            await client.InitializeAsync();
            Assert.Equal(6, (await client.RequestAsync("ethosu/targets", new JsonObject()))["result"]!["targets"]!.AsArray().Count);
            await client.RequestAsync("shutdown");
            await client.NotifyAsync("exit");
            Assert.Equal(0, await client.Server.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        }
    }

    private static async Task<int> WaitAsync(Process process)
    {
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    private static async Task OpenAsync(WireClient client, EditorWorkspace workspace, byte[] model, int number)
    {
        // Another byte behind the end makes it another version.
        await File.WriteAllBytesAsync(workspace.File($"m{number}.tflite"), [.. model, .. new byte[number]]);
        JsonObject answer = await client.RequestAsync("ethosu/check", new JsonObject { ["uri"] = workspace.Uri($"m{number}.tflite") });
        Assert.True(answer.ContainsKey("result"), answer.ToJsonString());
        File.Delete(workspace.File($"m{number}.tflite"));
        await client.NotifyAsync("workspace/didChangeWatchedFiles",
            new JsonObject { ["changes"] = new JsonArray(new JsonObject { ["uri"] = workspace.Uri($"m{number}.tflite"), ["type"] = 3 }) });
    }
}

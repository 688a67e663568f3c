using System.Text.Json.Nodes;
using EthosU.LanguageServer.Hosting;
using EthosU.Testing;
using Xunit;

namespace EthosU.LanguageServer.Tests.Wire;

/// <summary>What an editor asks of the server about models, over the wire, in a workspace of its own.</summary>
public sealed class ModelTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("ethosu-workspace").FullName;

    public void Dispose() => Directory.Delete(folder, true);

    [Fact]
    public async Task Problems_stand_on_the_python_lines_that_made_the_operators()
    {
        CopySample("detector", "detector.onnx", "detector.py");
        await using WireClient client = await StartAsync();
        JsonObject problems = await client.NotificationAsync("textDocument/publishDiagnostics",
            parameters => parameters["uri"]!.GetValue<string>().EndsWith("detector.py", StringComparison.Ordinal)
                && parameters["diagnostics"]!.AsArray().Count > 0);
        JsonArray diagnostics = problems["params"]!["diagnostics"]!.AsArray();
        int[] warned = [.. diagnostics.Where(d => d!["severity"]!.GetValue<int>() <= 2)
            .Select(d => d!["range"]!["start"]!["line"]!.GetValue<int>() + 1).Distinct().Order()];
        Assert.Equal([35, 36], warned);
        int[] lines = [.. diagnostics.Select(d => d!["range"]!["start"]!["line"]!.GetValue<int>())];
        Assert.Equal(lines.Distinct(), lines); // one line, one problem
        Assert.All(diagnostics, d => Assert.Equal(8, d!["range"]!["start"]!["character"]!.GetValue<int>()));
        string[] messages = [.. diagnostics.Select(d => d!["message"]!.GetValue<string>())];
        foreach (string op in (string[])["TOPK_V2", "CUMSUM", "LOG_SOFTMAX"])
            Assert.Contains(messages, message => message.Contains(op, StringComparison.Ordinal));
    }

    /// <summary>
    /// Lines that have moved since the export are found by their text; the module tells which of a class's operators it is.
    /// </summary>
    [Fact]
    public async Task Problems_of_an_exported_program_stand_where_its_lines_are_now()
    {
        File.Copy(SharedData.Require("data", "pt2", "features", "train_mode.pt2"), Path.Combine(folder, "net.pt2"));
        string[] script = await File.ReadAllLinesAsync(SharedData.Require("data", "pt2", "src", "features.py"),
            TestContext.Current.CancellationToken);
        await File.WriteAllLinesAsync(Path.Combine(folder, "features.py"), ["# new", "# lines", .. script],
            TestContext.Current.CancellationToken);
        await using WireClient client = await StartAsync();
        JsonObject problems = await client.NotificationAsync("textDocument/publishDiagnostics",
            parameters => parameters["uri"]!.GetValue<string>().EndsWith("features.py", StringComparison.Ordinal)
                && parameters["diagnostics"]!.AsArray().Count > 0);
        JsonNode problem = Assert.Single(problems["params"]!["diagnostics"]!.AsArray())!;
        Assert.Equal(837 - 1 + 2, problem["range"]!["start"]!["line"]!.GetValue<int>());
        string message = problem["message"]!.GetValue<string>();
        Assert.StartsWith("net.pt2: ", message, StringComparison.Ordinal);
        Assert.Contains("model.eval()", message, StringComparison.Ordinal);
        Assert.DoesNotContain("has changed", message, StringComparison.Ordinal);
        Assert.Contains(problem["relatedInformation"]!.AsArray(),
            related => related!["message"]!.GetValue<string>().Contains("batch_norm (", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_missing_is_told_where_it_is_named()
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "net.onnx"), "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n",
            TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder, "ethosu.json"), "{\n  \"calibration\": {\n    \"data\": \"images\"\n  }\n}\n",
            TestContext.Current.CancellationToken);
        await using WireClient client = await StartAsync();
        JsonObject pointer = await client.NotificationAsync("textDocument/publishDiagnostics",
            parameters => parameters["uri"]!.GetValue<string>().Contains("net.onnx", StringComparison.Ordinal));
        Assert.Contains("git lfs pull", pointer["params"]!["diagnostics"]![0]!["message"]!.GetValue<string>(), StringComparison.Ordinal);
        await client.NotifyAsync("textDocument/didOpen", new JsonObject
        {
            ["textDocument"] = new JsonObject { ["uri"] = Uri("ethosu.json"), ["languageId"] = "json", ["version"] = 1,
                ["text"] = await File.ReadAllTextAsync(Path.Combine(folder, "ethosu.json"), TestContext.Current.CancellationToken) },
        });
        JsonObject settings = await client.NotificationAsync("textDocument/publishDiagnostics",
            parameters => parameters["uri"]!.GetValue<string>().EndsWith("ethosu.json", StringComparison.Ordinal)
                && parameters["diagnostics"]!.AsArray().Count > 0);
        JsonNode missing = settings["params"]!["diagnostics"]![0]!;
        Assert.Equal(2, missing["range"]!["start"]!["line"]!.GetValue<int>());
        Assert.Contains("images", missing["message"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_problem_in_a_script_has_actions()
    {
        const string Script = "import torch.nn.functional as F\n\ndef forward(x):\n    return F.silu(x)\n";
        await using WireClient client = await StartAsync();
        await client.NotifyAsync("textDocument/didOpen", new JsonObject
        {
            ["textDocument"] = new JsonObject { ["uri"] = Uri("net.py"), ["languageId"] = "python", ["version"] = 1, ["text"] = Script },
        });
        JsonObject line = new()
        {
            ["start"] = new JsonObject { ["line"] = 3, ["character"] = 4 },
            ["end"] = new JsonObject { ["line"] = 3, ["character"] = 20 },
        };
        JsonObject answer = await client.RequestAsync("textDocument/codeAction", new JsonObject
        {
            ["textDocument"] = new JsonObject { ["uri"] = Uri("net.py") },
            ["range"] = line,
            ["context"] = new JsonObject
            {
                ["diagnostics"] = new JsonArray(new JsonObject
                {
                    ["range"] = line.DeepClone(), ["severity"] = 2, ["code"] = "npu-cost-softmax", ["source"] = "Ethos-U",
                    ["message"] = "slow", ["data"] = new JsonArray("Sigmoid"),
                }),
            },
        });
        JsonArray actions = answer["result"]!.AsArray();
        JsonNode swap = actions.Single(action => action!["title"]!.GetValue<string>().Contains("hardswish", StringComparison.Ordinal))!;
        JsonNode edit = swap["edit"]!["changes"]![Uri("net.py")]!.AsArray().Single()!;
        Assert.Equal("hardswish", edit["newText"]!.GetValue<string>());
        JsonNode from = edit["range"]!["start"]!, to = edit["range"]!["end"]!;
        Assert.Equal((3, 13, 17), (from["line"]!.GetValue<int>(), from["character"]!.GetValue<int>(), to["character"]!.GetValue<int>()));
        JsonNode ignore = actions.Single(action => action!["title"]!.GetValue<string>().StartsWith("Ignore", StringComparison.Ordinal))!;
        Assert.Equal("  # ethosu: ignore npu-cost-softmax",
            ignore["edit"]!["changes"]![Uri("net.py")]!.AsArray().Single()!["newText"]!.GetValue<string>());
    }

    [Fact]
    public async Task The_report_after_compiling_is_of_the_file_that_was_written()
    {
        CopySample("digits", "simple_network.onnx");
        await using WireClient client = await StartAsync();
        JsonObject before = await client.RequestAsync("ethosu/report", new JsonObject { ["uri"] = Uri("simple_network.onnx") });
        Assert.Equal("none yet", before["result"]!["summary"]![0]!["value"]!.GetValue<string>());
        JsonObject compiled = await client.RequestAsync("ethosu/compile", new JsonObject { ["uri"] = Uri("simple_network.onnx") });
        string told = compiled["result"]!["message"]!.GetValue<string>();
        Assert.Contains("random numbers", told, StringComparison.Ordinal);
        JsonObject report = await client.RequestAsync("ethosu/report", new JsonObject { ["uri"] = Uri("simple_network.onnx") });
        JsonArray facts = report["result"]!["summary"]!.AsArray();
        string cycles = facts.Single(fact => fact!["label"]!.GetValue<string>() == "NPU cycles")!["value"]!.GetValue<string>();
        Assert.Contains($"{cycles} NPU cycles", told, StringComparison.Ordinal);
        string file = DocumentUri.ToPath(compiled["result"]!["files"]![0]!.GetValue<string>());
        string hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(await File.ReadAllBytesAsync(file,
            TestContext.Current.CancellationToken)));
        Assert.Contains(hash[..16], facts[0]!["hint"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_is_converted_listed_drawn_compiled_reported_and_exported()
    {
        CopySample("digits", "simple_network.onnx", "calibration.npz");
        await File.WriteAllTextAsync(Path.Combine(folder, "ethosu.json"),
            """{ "target": "ethos-u55-64", "calibration": { "data": "calibration.npz", "samples": 10 } }""",
            TestContext.Current.CancellationToken);
        await using WireClient client = await StartAsync();
        string onnx = Uri("simple_network.onnx"), tflite = Uri("simple_network.tflite");

        JsonObject converted = await client.RequestAsync("ethosu/convert", new JsonObject { ["uri"] = onnx, ["workDoneToken"] = "t1" });
        Assert.True(File.Exists(Path.Combine(folder, "simple_network.tflite")), converted.ToJsonString());
        Assert.Contains(client.Notifications, message => message["method"]?.GetValue<string>() == "$/progress");

        await client.NotificationAsync("ethosu/modelChanged", parameters => parameters["uri"]!.GetValue<string>() == onnx);
        JsonObject measured = await client.RequestAsync("ethosu/report", new JsonObject { ["uri"] = onnx });
        Assert.Contains(measured["result"]!["accuracy"]!.AsArray(), fact => fact!["label"]!.GetValue<string>() == "Same best class");
        JsonObject coloured = await client.RequestAsync("ethosu/graph", new JsonObject { ["uri"] = tflite });
        Assert.Contains(coloured["result"]!["measures"]!.AsArray(), measure => measure!["id"]!.GetValue<string>() == "error");

        JsonObject listing = await client.RequestAsync("ethosu/listing", new JsonObject { ["uri"] = tflite });
        Assert.Contains("NPU %", listing["result"]!["text"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains("ethos-u55-64", listing["result"]!["text"]!.GetValue<string>(), StringComparison.Ordinal);

        JsonObject graph = await client.RequestAsync("ethosu/graph", new JsonObject { ["uri"] = onnx });
        Assert.Contains(graph["result"]!["nodes"]!.AsArray(), node => node!["label"]!.GetValue<string>() == "CONV_2D");
        JsonObject details = await client.RequestAsync("ethosu/node", new JsonObject { ["uri"] = onnx, ["id"] = "n0" });
        Assert.NotEmpty(details["result"]!["sections"]!.AsArray());

        JsonObject compiled = await client.RequestAsync("ethosu/compile", new JsonObject { ["uri"] = tflite, ["workDoneToken"] = "t2" });
        string file = compiled["result"]!["files"]![0]!.GetValue<string>();
        JsonObject whole = await client.RequestAsync("ethosu/graph", new JsonObject { ["uri"] = file });
        JsonNode npu = Assert.Single(whole["result"]!["nodes"]!.AsArray(), node => node!["kind"]!.GetValue<string>() == "npu")!;
        JsonObject inside =
            await client.RequestAsync("ethosu/graph", new JsonObject { ["uri"] = file, ["inside"] = npu["id"]!.GetValue<string>() });
        Assert.True(inside["result"]!["nodes"]!.AsArray().Count > 5, inside.ToJsonString());
        HashSet<string> read = [.. inside["result"]!["edges"]!.AsArray().Select(edge => edge!["to"]!.GetValue<string>())];
        Assert.All(inside["result"]!["nodes"]!.AsArray()
            .Where(node => node!["label"]!.GetValue<string>() is "conv" or "depthwise" or "pool" or "output"),
            node => Assert.Contains(node!["id"]!.GetValue<string>(), read));
        JsonObject operation =
            await client.RequestAsync("ethosu/node",
            new JsonObject { ["uri"] = file, ["inside"] = npu["id"]!.GetValue<string>(), ["id"] = "op0" });
        Assert.Contains(operation["result"]!["sections"]!.AsArray(), section => section!["title"]!.GetValue<string>() == "Commands");

        JsonObject report = await client.RequestAsync("ethosu/report", new JsonObject { ["uri"] = tflite });
        Assert.NotEmpty(report["result"]!["table"]!["rows"]!.AsArray());
        JsonObject comparison = await client.RequestAsync("ethosu/compare", new JsonObject { ["uri"] = tflite });
        Assert.Equal(6, comparison["result"]!["columns"]!.AsArray().Count);
        JsonObject exported = await client.RequestAsync("ethosu/exportC", new JsonObject { ["uri"] = file });
        Assert.Equal(2, exported["result"]!["files"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_corrupt_model_gives_a_readable_message_and_the_server_lives_on()
    {
        await File.WriteAllBytesAsync(Path.Combine(folder, "broken.onnx"), [1, 2, 3, 4, 5, 6, 7, 8, 9],
            TestContext.Current.CancellationToken);
        await using WireClient client = await StartAsync();
        JsonObject problems = await client.NotificationAsync("textDocument/publishDiagnostics",
            parameters => parameters["uri"]!.GetValue<string>().Contains("broken.onnx", StringComparison.Ordinal)
                && parameters["diagnostics"]!.AsArray().Count > 0);
        Assert.Equal("model-damaged", problems["params"]!["diagnostics"]![0]!["code"]!.GetValue<string>());
        JsonObject refused = await client.RequestAsync("ethosu/convert", new JsonObject { ["uri"] = Uri("broken.onnx") });
        Assert.Contains("broken.onnx", refused["error"]!["message"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.True((await client.RequestAsync("ethosu/targets", new JsonObject())).ContainsKey("result"));
    }

    private async Task<WireClient> StartAsync()
    {
        WireClient client = new();
        await client.InitializeAsync(DocumentUri.FromPath(folder));
        return client;
    }

    private string Uri(string file) => DocumentUri.FromPath(Path.Combine(folder, file));

    private void CopySample(string sample, params ReadOnlySpan<string> files)
    {
        foreach (string file in files)
            File.Copy(Path.Combine(SharedData.RepositoryRoot, "samples", sample, file), Path.Combine(folder, file));
    }
}

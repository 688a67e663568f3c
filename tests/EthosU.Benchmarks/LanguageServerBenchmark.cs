using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using EthosU.Testing;

namespace EthosU.Benchmarks;

/// <summary>The language server as a process: time to its first answer, to problems and graphs of models, and its memory.</summary>
internal static class LanguageServerBenchmark
{
    private const int Starts = 5;
    private const int LargeMegabytes = 105;
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(3);

    /// <summary>Measures a server, given as its executable or <c>.dll</c>.</summary>
    public static void Run(string server, TextWriter output)
    {
        List<double> starts = [];
        for (int i = 0; i < Starts; i++)
        {
            using ServerSession session = new(server);
            starts.Add(session.Initialize(null));
        }
        starts.Sort();
        Write(output, $"| start to first answer, median of {Starts} | {starts[Starts / 2]:0} ms | at most 300 ms |");
        using TemporaryFolder folder = new();
        string zoo = Path.Combine(SharedData.Root, "data", "models", "pytorch");
        string[] models = [.. Directory.GetFiles(zoo, "*.onnx").Order(StringComparer.Ordinal)];
        using ServerSession server1 = new(server);
        server1.Initialize(null);
        Write(output, $"| memory when idle | {server1.Megabytes:0} MB | below 150 MB |");
        for (int round = 0; round < 2; round++)
        {
            foreach (string model in models)
            {
                // Another name is another version: the cache of results does not answer, the code is warm.
                string copy = folder.File($"round{round}_{Path.GetFileName(model)}");
                File.Copy(model, copy);
                double time = server1.Request("ethosu/check", new JsonObject { ["uri"] = new Uri(copy).AbsoluteUri });
                if (round == 1)
                    Write(output, $"| problems of {Path.GetFileName(model)}, warm | {time:0} ms | at most 200 ms |");
            }
        }
        Write(output, $"| memory after {2 * models.Length} models | {server1.Megabytes:0} MB | |");
        string large = folder.File("large.onnx");
        File.WriteAllBytes(large, LargeModel.Write(LargeMegabytes));
        using ServerSession server2 = new(server);
        server2.Initialize(null);
        double graph = server2.Request("ethosu/graph", new JsonObject { ["uri"] = new Uri(large).AbsoluteUri });
        Write(output, $"| graph of an ONNX file of {new FileInfo(large).Length / 1e6:0} MB | {graph:0} ms | at most 3000 ms |");
        Thread.Sleep(Settling);
        Write(output, $"| memory {Settling.TotalSeconds:0} s after it | {server2.Megabytes:0} MB | |");
    }

    private static void Write(TextWriter output, FormattableString line) => output.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    /// <summary>A server under way, and the few words of the protocol that are needed here.</summary>
    private sealed class ServerSession : IDisposable
    {
        private readonly Process process;
        private readonly Stopwatch started = Stopwatch.StartNew();
        private int lastId;

        public ServerSession(string server)
        {
            ProcessStartInfo start = server.EndsWith(".dll", StringComparison.Ordinal) ? new("dotnet", [server]) : new(server);
            start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
            process = Process.Start(start)!;
            process.ErrorDataReceived += static (_, _) => { };
            process.BeginErrorReadLine();
        }

        public double Megabytes
        {
            get
            {
                process.Refresh();
                return process.WorkingSet64 / 1e6;
            }
        }

        /// <summary>Milliseconds from the start of the process to the answer.</summary>
        public double Initialize(string? root)
        {
            Request("initialize", new JsonObject { ["rootUri"] = root, ["capabilities"] = new JsonObject() });
            double time = started.Elapsed.TotalMilliseconds;
            Send(new JsonObject { ["jsonrpc"] = "2.0", ["method"] = "initialized", ["params"] = new JsonObject() });
            return time;
        }

        /// <summary>Milliseconds to the answer of a request.</summary>
        public double Request(string method, JsonObject parameters)
        {
            Stopwatch watch = Stopwatch.StartNew();
            int id = ++lastId;
            Send(new JsonObject { ["jsonrpc"] = "2.0", ["id"] = id, ["method"] = method, ["params"] = parameters });
            while (true)
            {
                JsonNode message = Read();
                if (message["id"]?.GetValue<int>() != id || message["method"] is not null)
                    continue;
                return message["error"] is { } error ? throw new InvalidOperationException($"{method}: {error["message"]}")
                    : watch.Elapsed.TotalMilliseconds;
            }
        }

        public void Dispose()
        {
            process.StandardInput.Close();
            process.WaitForExit(10_000);
            process.Dispose();
        }

        private void Send(JsonObject message)
        {
            byte[] body = Encoding.UTF8.GetBytes(message.ToJsonString());
            Stream stream = process.StandardInput.BaseStream;
            stream.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n\r\n")));
            stream.Write(body);
            stream.Flush();
        }

        private JsonNode Read()
        {
            Stream stream = process.StandardOutput.BaseStream;
            int length = 0;
            for (string line = ReadLine(stream); line.Length > 0; line = ReadLine(stream))
                if (line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
                    length = int.Parse(line["Content-Length:".Length..], CultureInfo.InvariantCulture);
            byte[] body = new byte[length];
            stream.ReadExactly(body);
            return JsonNode.Parse(body)!;
        }

        private static string ReadLine(Stream stream)
        {
            StringBuilder line = new();
            for (int c = stream.ReadByte(); c != '\n'; c = stream.ReadByte())
                line.Append(c >= 0 ? (char)c : throw new EndOfStreamException("the server is gone"));
            return line.ToString().TrimEnd('\r');
        }
    }
}

using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using EthosU.Graphs;

namespace EthosU.Testing;

/// <summary>LiteRT's WebAssembly build in one Node process that serves all tests of this process.</summary>
public sealed class LiteRtProcess : ITfLiteRuntime
{
    private readonly Lock gate = new();
    private Process? process;

    private LiteRtProcess()
    {
    }

    /// <summary>The one process; it starts at the first use and ends with this process.</summary>
    public static LiteRtProcess Shared { get; } = new();

    /// <inheritdoc/>
    public string Name => TfLiteRuntimes.LiteRt;

    /// <inheritdoc/>
    public IReadOnlyList<IReadOnlyList<TensorData>> Run(string modelPath, IReadOnlyList<IReadOnlyList<TensorData>> inputs)
    {
        JsonNode answer = Answer(modelPath, inputs);
        JsonArray outputs = answer["outputs"]!.AsArray();
        return [.. answer["runs"]!.AsArray().Select(run => (IReadOnlyList<TensorData>)
            [.. run!.AsArray().Select((value, i) => Value(outputs[i]!, value!.GetValue<string>()))])];
    }

    /// <summary>Runs a model several times on the same inputs and gives the milliseconds of each run.</summary>
    /// <exception cref="TfLiteRuntimeException">The runtime refuses the model or its inputs, or complains.</exception>
    public double[] Time(string modelPath, IReadOnlyList<TensorData> inputs, int runs) =>
        Answer(modelPath, [.. Enumerable.Repeat(inputs, runs)])["milliseconds"].Deserialize<double[]>()!;

    private JsonNode Answer(string modelPath, IReadOnlyList<IReadOnlyList<TensorData>> inputs)
    {
        JsonObject request = new()
        {
            ["model"] = Path.GetFullPath(modelPath),
            ["runs"] = new JsonArray([.. inputs.Select(static run =>
                new JsonArray([.. run.Select(static value => (JsonNode)Convert.ToBase64String(value.Bytes.Span))]))]),
        };
        JsonNode answer = Ask(request.ToJsonString());
        if (answer["error"] is JsonNode error)
            throw new TfLiteRuntimeException(Name, error.GetValue<string>());
        return answer;
    }

    private static TensorData Value(JsonNode output, string base64) =>
        new(Type(output["type"]!.GetValue<int>()), new([.. output["shape"].Deserialize<int[]>()!]), Convert.FromBase64String(base64));

    private static ElementType Type(int number) => number switch
    {
        1 => ElementType.Float32,
        2 => ElementType.Int32,
        3 => ElementType.UInt8,
        4 => ElementType.Int64,
        6 => ElementType.Bool,
        7 => ElementType.Int16,
        9 => ElementType.Int8,
        10 => ElementType.Float16,
        11 => ElementType.Float64,
        13 => ElementType.UInt64,
        16 => ElementType.UInt32,
        17 => ElementType.UInt16,
        _ => throw new TfLiteRuntimeException(TfLiteRuntimes.LiteRt, $"element type {number} is not known to the tests"),
    };

    private JsonNode Ask(string request)
    {
        lock (gate)
        {
            process ??= Start();
            process.StandardInput.WriteLine(request);
            process.StandardInput.Flush();
            string? line = process.StandardOutput.ReadLine();
            if (line is null)
            {
                process.Dispose();
                process = null;
                throw new TfLiteRuntimeException(Name, "its process ended while it ran the model");
            }
            return JsonNode.Parse(line)!;
        }
    }

    private static Process Start()
    {
        ProcessStartInfo start = new("node", [Path.Combine(SharedData.RepositoryRoot, "tests", "EthosU.Testing", "litert.mjs")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        return Process.Start(start) ?? throw new TfLiteRuntimeException(TfLiteRuntimes.LiteRt, "node could not be started");
    }
}

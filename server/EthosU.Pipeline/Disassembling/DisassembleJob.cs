using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using EthosU.Graphs;
using EthosU.Npu.Commands;
using EthosU.Npu.Disassembly;
using EthosU.Pipeline.Formats;

namespace EthosU.Pipeline.Disassembling;

/// <summary>Shows the command streams in a compiled model.</summary>
public static class DisassembleJob
{
    private static readonly JsonSerializerOptions Indented =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n" };

    /// <summary>Each <c>ethos-u</c> operator's commands as text, grouped by operation.</summary>
    /// <exception cref="ModelFormatException">The model is damaged, or has no such operator.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static string ToText(string modelPath)
    {
        StringBuilder text = new();
        foreach ((int index, Node node, DriverPayload payload) in Read(modelPath))
        {
            text.Append(text.Length > 0 ? "\n" : "").Append($"operator {index}: {Edges(node)}\n");
            text.Append(Disassembler.ToText(payload, modelPath));
        }
        return text.ToString();
    }

    /// <summary>
    /// The same as JSON: <c>file</c>, and <c>operators</c>, each with <c>index</c> among the model's operators, <c>inputs</c>,
    /// <c>outputs</c>,
    /// <c>accelerator</c>, <c>architecture</c> and <c>operations</c>.
    /// </summary>
    /// <exception cref="ModelFormatException">The model is damaged, or has no such operator.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static string ToJson(string modelPath)
    {
        JsonArray operators = [];
        foreach ((int index, Node node, DriverPayload payload) in Read(modelPath))
        {
            EthosUNode operands = EthosUNode.Of(node, modelPath);
            JsonObject document = new() { ["index"] = index, ["inputs"] = Names(operands.Inputs), ["outputs"] = Names(operands.Outputs) };
            JsonObject commands = Disassembler.ToJsonNode(payload, modelPath);
            foreach (string key in commands.Select(static pair => pair.Key).ToArray())
            {
                JsonNode? value = commands[key];
                commands.Remove(key);
                document[key] = value;
            }
            operators.Add((JsonNode)document);
        }
        return new JsonObject { ["file"] = modelPath, ["operators"] = operators }.ToJsonString(Indented) + "\n";
    }

    private static List<(int Index, Node Node, DriverPayload Payload)> Read(string modelPath)
    {
        Graph graph = ModelFile.ReadRunnable(modelPath).Graph;
        List<(int, Node, DriverPayload)> found = [];
        for (int i = 0; i < graph.Nodes.Length; i++)
            if (EthosUNode.Matches(graph.Nodes[i]))
                found.Add((i, graph.Nodes[i], Payload(graph.Nodes[i], modelPath)));
        return found.Count > 0
            ? found
            : throw new ModelFormatException(modelPath, "",
            "the model has no ethos-u operator: it is not compiled for an Ethos-U, or nothing in it runs there");
    }

    private static DriverPayload Payload(Node node, string modelPath) =>
        DriverPayload.Decode(EthosUNode.Of(node, modelPath).Payload.Data is { } data ? data.Bytes.Span : [], modelPath);

    private static string Edges(Node node) =>
        $"{string.Join(", ", EthosUNode.Of(node, "").Inputs)} -> {string.Join(", ", node.Outputs)}";

    private static JsonArray Names(IEnumerable<Tensor> tensors) => [.. tensors.Select(static tensor => (JsonNode)tensor.Name)];
}

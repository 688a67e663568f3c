using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Torch.Programs;

namespace EthosU.Torch.Reading;

/// <summary>Reads graphs, those inside operators included (pt2-format 3).</summary>
/// <param name="cancellation">Stops the reading.</param>
internal sealed class GraphReader(CancellationToken cancellation)
{
    private const int Deepest = 32;
    private const string Operators = "torch.ops.";
    private readonly SourceReader sources = new();
    private int depth;

    /// <summary>A graph.</summary>
    public ProgramGraph Read(JsonNode graph)
    {
        if (++depth > Deepest)
            throw graph.Source.Problem($"graphs are nested more than {Deepest} deep");
        string where = graph.Source.Where;
        ImmutableArray<Argument> inputs = [.. graph["inputs"].Items().Select(Argument)];
        ImmutableArray<ProgramNode> nodes = [.. graph["nodes"].Items().Select(ReadNode)];
        graph.Source.Where = where;
        Dictionary<string, TensorMeta> tensors = new(StringComparer.Ordinal);
        foreach (JsonNode value in graph["tensor_values"].Fields())
        {
            graph.Source.Where = $"value '{NameLimit.Shorten(value.Name)}'";
            tensors[value.Name] = TensorMetaReader.Read(value);
        }
        graph.Source.Where = where;
        ProgramGraph read = new(inputs, [.. graph["outputs"].Items().Select(Argument)], nodes, tensors);
        GraphCheck.Require(read, graph.Source);
        depth--;
        return read;
    }

    private Argument Argument(JsonNode node) => ArgumentReader.Read(node, Read);

    private ProgramNode ReadNode(JsonNode node, int index)
    {
        cancellation.ThrowIfCancellationRequested();
        node.Source.Where = $"node {index}";
        string target = node["target"].Identifier();
        if (target.StartsWith(Operators, StringComparison.Ordinal))
            target = target[Operators.Length..];
        string name = node.Find("name")?.Identifier() ?? "";
        ImmutableArray<Argument> outputs = [.. node["outputs"].Items().Select(Argument)];
        string shown = name.Length > 0 ? name : outputs.SelectMany(ArgumentNames.Of).FirstOrDefault() ?? target;
        node.Source.Where = $"node '{NameLimit.Shorten(shown)}'";
        ImmutableArray<NamedArgument> inputs = [.. node["inputs"].Items().Select(Operand)];
        return new(name, target, inputs, outputs, sources.Read(node.Find("metadata"), shown, target));
    }

    private NamedArgument Operand(JsonNode node) => new(node.Find("name")?.Identifier() ?? "", Argument(node["arg"]));
}

using EthosU.Graphs;
using EthosU.Onnx.Proto;

namespace EthosU.Onnx;

/// <summary>
/// Names that no program could use: with a null character, at which C programs (ONNX Runtime among them) stop to read, and endless ones.
/// </summary>
internal static class NameRules
{
    /// <summary>Checks the names of a model.</summary>
    /// <exception cref="ModelFormatException">One is not possible.</exception>
    public static void Require(ModelProto model, string file)
    {
        Graph(model.Graph, file);
        foreach (FunctionProto function in model.Functions)
        {
            Name(file, "function", function.Name);
            Nodes(function.Node, file);
        }
    }

    private static void Graph(GraphProto graph, string file)
    {
        Name(file, "graph", graph.Name);
        foreach (ValueInfoProto value in graph.Input.Concat(graph.Output))
        {
            Value(file, value.Name);
            foreach (TensorShapeProto.Types.Dimension size in value.Type?.TensorType?.Shape?.Dim ?? [])
                Name(file, "size", size.DimParam);
        }
        foreach (TensorProto constant in graph.Initializer)
            Value(file, constant.Name);
        Nodes(graph.Node, file);
    }

    private static void Nodes(IEnumerable<NodeProto> nodes, string file)
    {
        foreach (NodeProto node in nodes)
        {
            Name(file, "node", node.Name);
            Name(file, "operator", node.OpType);
            Name(file, "domain", node.Domain);
            foreach (string value in node.Input.Concat(node.Output))
                Value(file, value);
            foreach (AttributeProto attribute in node.Attribute)
            {
                Name(file, "attribute", attribute.Name);
                if (attribute.G is { } inner)
                    Graph(inner, file);
            }
        }
    }

    private static void Value(string file, string name)
    {
        Name(file, "value", name);
        if (name.Contains('\0', StringComparison.Ordinal))
            throw new ModelFormatException(file, $"value '{name}'", "its name holds a null character");
    }

    private static void Name(string file, string what, string name)
    {
        if (NameLimit.Problem(name) is { } problem)
            throw new ModelFormatException(file, $"{what} '{NameLimit.Shorten(name)}'", problem);
    }
}

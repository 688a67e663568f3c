using EthosU.Onnx.Proto;

namespace EthosU.Onnx;

/// <summary>Who reads which value of the main graph.</summary>
internal sealed class ValueUses
{
    private const int MaxDepth = 200; // longer chains of reshapes are no model

    private readonly HashSet<string> outputs;
    private readonly Dictionary<string, List<NodeProto>> readers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, bool> known = new(StringComparer.Ordinal);

    public ValueUses(GraphProto graph)
    {
        outputs = [.. graph.Output.Select(output => output.Name)];
        foreach (NodeProto node in graph.Node)
            foreach (string name in NodeOrder.Reads(node).Distinct())
            {
                if (!readers.TryGetValue(name, out var list))
                    readers[name] = list = [];
                list.Add(node);
            }
    }

    /// <summary>True if a node of the main graph reads the value, or it is an output. In other graphs every value counts as read.</summary>
    public bool IsRead(string name) => outputs.Contains(name) || readers.ContainsKey(name);

    /// <summary>
    /// True if a quantized value is only moved about and turned back into reals or read by quantized operators: then it can be
    /// imported as the reals that it stands for.
    /// </summary>
    public bool StandsForReals(string name) => StandsForReals(name, 0);

    private bool StandsForReals(string name, int depth)
    {
        if (depth > MaxDepth)
            return false;
        if (known.TryGetValue(name, out bool result))
            return result;
        known[name] = false; // for cycles
        return known[name] = !outputs.Contains(name) && readers.TryGetValue(name, out var nodes)
            && nodes.TrueForAll(node => QuantizedReaders.Reads(node)
            || (QuantizedReaders.Moves(node) && node.Output.All(output => output.Length == 0 || StandsForReals(output, depth + 1))));
    }
}

using EthosU.Graphs;

namespace EthosU.Npu.Rewrites;

/// <summary>
/// DEQUANTIZE of int8 and QUANTIZE to int16, as converters write it for runtimes whose QUANTIZE cannot widen, become one QUANTIZE between
/// integers. Only where the scales differ by a power of two that int16 has room for: then no way of computing it rounds anything.
/// </summary>
internal static class WideningRewrite
{
    private const int LargestRatio = 128; // 255 steps × 128 is still an int16

    /// <summary>The graph with direct conversions, and for each node that disappeared the one that does its work.</summary>
    public static (Graph Graph, IReadOnlyDictionary<Node, Node> Absorbed) Apply(Graph graph)
    {
        GraphPatch patch = new(graph);
        Dictionary<Node, Node> absorbed = [];
        foreach (Node node in graph.Nodes)
        {
            if (node.Operator is not Quantize || graph.Producer(node.Input(0)) is not { Operator: Dequantize } real
                || !IsExact(real.Input(0), node.Output))
                continue;
            Node direct = new(node.Operator, [real.Input(0)], node.Outputs, node.Source);
            patch.Replace(node, direct);
            absorbed.Add(node, direct);
            if (!absorbed.ContainsKey(real) && !graph.Outputs.Contains(real.Output)
                && graph.Consumers(real.Output).All(reader => reader.Operator is Quantize && IsExact(real.Input(0), reader.Output)))
            {
                patch.Remove(real);
                absorbed.Add(real, direct);
            }
        }
        return absorbed.Count == 0 ? (graph, absorbed) : (patch.Apply(), absorbed);
    }

    private static bool IsExact(Tensor from, Tensor to)
    {
        if (from is not { Type: ElementType.Int8, Quantization: { IsPerAxis: false } narrow }
            || to is not { Type: ElementType.Int16, Quantization: { IsPerAxis: false, ZeroPoint: 0 } wide })
            return false;
        double ratio = (double)narrow.Scale / wide.Scale;
        return ratio is >= 1 and <= LargestRatio && double.IsPow2(ratio) && Math.ScaleB(1, -100) < wide.Scale;
    }
}

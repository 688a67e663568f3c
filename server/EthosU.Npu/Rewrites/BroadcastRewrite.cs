using EthosU.Graphs;

namespace EthosU.Npu.Rewrites;

/// <summary>BROADCAST_TO in front of operators that broadcast their operands themselves disappears.</summary>
internal static class BroadcastRewrite
{
    private const int MostAxes = 4; // of a broadcasting operator

    /// <summary>The graph without these, and for each that disappeared an operator that does its work.</summary>
    public static (Graph Graph, IReadOnlyDictionary<Node, Node> Absorbed) Apply(Graph graph)
    {
        GraphPatch patch = new(graph);
        Dictionary<Node, Node> absorbed = [];
        HashSet<Node> readers = [];
        foreach (Node node in graph.Nodes)
        {
            if (node is not { Operator: BroadcastTo, Inputs: [{ IsConstant: false } from, ..], Outputs: [var wide] }
                || from.Type != wide.Type || !Equals(from.Quantization, wide.Quantization) || graph.Outputs.Contains(wide)
                || graph.Consumers(wide) is not { IsEmpty: false } consumers
                || !consumers.All(reader => !readers.Contains(reader) && DoesItself(reader, wide, from)))
                continue;
            foreach (Node reader in consumers.Distinct())
            {
                Node direct = reader.WithInputs([.. reader.Inputs.Select(input => input == wide ? from : input)]);
                patch.Replace(reader, direct);
                readers.Add(reader);
                absorbed[reader] = direct;
                absorbed.TryAdd(node, direct);
            }
            patch.Remove(node);
        }
        return patch.IsEmpty ? (graph, absorbed) : (patch.Apply(), absorbed);
    }

    private static bool DoesItself(Node reader, Tensor wide, Tensor narrow)
    {
        if (reader is not
            {
                Operator: Binary { Kind: BinaryKind.Add or BinaryKind.Sub or BinaryKind.Mul or BinaryKind.Maximum or BinaryKind.Minimum },
                Inputs: [{ } a, { } b],
            } || wide.Shape.Rank > MostAxes || (a == wide && b == wide))
            return false;
        Tensor other = a == wide ? b : a;
        return Shape.TryBroadcast(narrow.Shape, other.Shape, out Shape result) && result == reader.Output.Shape;
    }
}

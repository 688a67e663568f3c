using System.Collections.Immutable;
using EthosU.Graphs;

namespace EthosU.Optimize.Passes;

/// <summary>Of nodes that compute the same from the same, only the first is kept.</summary>
internal static class CommonSubexpressions
{
    private const int LargestConstant = 256; // bytes; larger equal constants are compared by identity only

    public static Graph Run(Graph graph, CancellationToken cancellation)
    {
        GraphPatch patch = new(graph);
        Dictionary<Key, Node> seen = [];
        Dictionary<Tensor, Tensor> same = [];
        HashSet<Tensor> outputs = [.. graph.Outputs];
        foreach (Node node in graph.Nodes)
        {
            cancellation.ThrowIfCancellationRequested();
            if (!CanBeShared(node))
                continue;
            Key key = new(node.Operator, [.. node.Inputs.Select(Identify)],
                [.. node.Outputs.Select(output => (output.Type, output.Shape))]);
            if (seen.TryAdd(key, node))
                continue;
            Node first = seen[key];
            if (node.Outputs.Any(outputs.Contains)) // a user's name, which stays
                continue;
            patch.Remove(node);
            for (int i = 0; i < node.Outputs.Length; i++)
            {
                patch.Redirect(node.Outputs[i], first.Outputs[i]);
                same[node.Outputs[i]] = first.Outputs[i];
            }
        }
        return patch.Apply();

        object? Identify(Tensor? tensor) => tensor switch
        {
            null => null,
            { Data: { } data } when data.Bytes.Length <= LargestConstant => (data.Type, data.Shape, Convert.ToHexString(data.Bytes.Span)),
            { Data: { } data } => data,
            _ => same.GetValueOrDefault(tensor, tensor),
        };
    }

    private static bool CanBeShared(Node node) =>
        node.Operator is not (Custom or CallOnce or AssignVariable or ReadVariable or VarHandle or If or While or OtherBuiltin)
        && !node.Inputs.Any(input => input is { IsVariable: true });

    private sealed class Key(Operator op, ImmutableArray<object?> inputs, ImmutableArray<(ElementType, Shape)> outputs) : IEquatable<Key>
    {
        private readonly Operator op = op;
        private readonly ImmutableArray<object?> inputs = inputs;
        private readonly ImmutableArray<(ElementType, Shape)> outputs = outputs;

        public bool Equals(Key? other) =>
            other is not null && op.Equals(other.op) && inputs.SequenceEqual(other.inputs) && outputs.SequenceEqual(other.outputs);

        public override bool Equals(object? obj) => Equals(obj as Key);

        public override int GetHashCode()
        {
            HashCode hash = default;
            hash.Add(op.Code);
            foreach (object? input in inputs)
                hash.Add(input);
            return hash.ToHashCode();
        }
    }
}

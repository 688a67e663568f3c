using System.Collections.Immutable;
using EthosU.Graphs;

namespace EthosU.Optimize.Passes;

/// <summary>
/// Moves RESHAPE down behind element-wise operators, so that those stand next to what they can be fused into and the RESHAPE
/// next to others it can be merged with.
/// </summary>
internal static class ReshapePushing
{
    public static Graph Run(Graph graph)
    {
        GraphPatch patch = new(graph);
        HashSet<object> touched = [];
        HashSet<Tensor> outputs = [.. graph.Outputs];
        foreach (Node node in graph.Nodes)
            if (node.Operator is Reshape && !node.Input(0).IsConstant && !touched.Contains(node)
                && node.Input(0).Shape.Rank <= Math.Max(node.Output.Shape.Rank, HighRanks.Common))
                new Push(graph, patch, outputs, touched, node).Run();
        return patch.Apply();
    }

    /// <summary>One group of element-wise nodes behind reshapes from and to the same shapes.</summary>
    private sealed class Push(Graph graph, GraphPatch patch, HashSet<Tensor> outputs, HashSet<object> touched, Node first)
    {
        private readonly Shape from = first.Input(0).Shape, to = first.Output.Shape;
        private readonly HashSet<Tensor> inside = [first.Output];
        private readonly List<Node> reshapes = [first], nodes = [];

        public void Run()
        {
            bool changed = true;
            List<Tensor> reached = [first.Output];
            while (changed)
            {
                changed = false;
                foreach (Node node in reached.SelectMany(tensor => graph.Consumers(tensor)).Distinct().ToArray())
                {
                    if (nodes.Contains(node) || !CanMove(node))
                        continue;
                    nodes.Add(node);
                    inside.Add(node.Output);
                    reached.Add(node.Output);
                    changed = true;
                }
            }
            if (nodes.Count == 0 || nodes.Concat(reshapes).Any(touched.Contains))
                return;
            Tensor[] exits =
                [.. inside.Where(tensor => outputs.Contains(tensor) || graph.Consumers(tensor).Any(node => !nodes.Contains(node)))];
            int needed = exits
                .Count(tensor => outputs.Contains(tensor)
                || graph.Consumers(tensor).Any(node => !nodes.Contains(node) && node.Operator is not Reshape));
            if (needed > reshapes.Count || exits.Any(exit => reshapes.Exists(reshape => reshape.Output == exit)))
                return;
            Move(exits);
        }

        private bool CanMove(Node node)
        {
            if (node.Operator is not (Binary or LeakyRelu or Gelu or Cast or Unary { Kind: not UnaryKind.LogSoftmax })
                || node.Output.Shape != to)
                return false;
            List<Node> more = [];
            foreach (Tensor? input in node.Inputs)
            {
                if (input is null)
                    return false;
                if (inside.Contains(input))
                    continue;
                if (input.Data is { } data && Reshaped(data) is not null)
                    continue;
                if (graph.Producer(input) is { Operator: Reshape } other && other.Input(0).Shape == from && !other.Input(0).IsConstant)
                    more.Add(other);
                else
                    return false;
            }
            foreach (Node reshape in more)
            {
                reshapes.Add(reshape);
                inside.Add(reshape.Output);
            }
            return true;
        }

        /// <summary>A constant operand for the shape before the reshape; null if its elements do not stay together.</summary>
        private TensorData? Reshaped(TensorData data)
        {
            if (data.Count == 1)
                return data.Reshape([.. Enumerable.Repeat(1, Math.Min(data.Shape.Rank, from.Rank))]);
            if (data.Count == to.ElementCount)
                return data.Reshape(from);
            bool lastAxis = to.Rank > 0 && from.Rank > 0 && data.Shape[-1] == to[-1] && data.Count == to[-1] && from[-1] == to[-1];
            return lastAxis ? data.Reshape([data.Count]) : null;
        }

        private void Move(Tensor[] exits)
        {
            Dictionary<Tensor, Tensor> before = reshapes.ToDictionary(reshape => reshape.Output, reshape => reshape.Input(0));
            foreach (Node node in nodes)
            {
                bool isExit = exits.Contains(node.Output);
                string name = isExit ? patch.MakeName($"{node.Output.Name}/unshaped") : node.Output.Name;
                before[node.Output] = node.Output.WithShape(from).WithName(name);
            }
            foreach (Node node in nodes)
            {
                ImmutableArray<Tensor?> inputs = [.. node.Inputs.Select(input => input!.Data is { } data
                    ? data.Count == 1 && data.Shape.Rank <= from.Rank ? input : new Tensor(patch.MakeName(input.Name), Reshaped(data)!)
                    : before[input])];
                Node moved = node.WithInputs(inputs).WithOutputs([before[node.Output]]);
                if (!exits.Contains(node.Output))
                {
                    patch.Replace(node, moved);
                    continue;
                }
                Tensor shape = new(patch.MakeName($"{node.Output.Name}/shape"), TensorData.Vector<int>([.. to]));
                patch.Replace(node, moved, new Node(new Reshape(), [before[node.Output], shape], [node.Output], node.Source));
            }
            touched.UnionWith(nodes);
            touched.UnionWith(reshapes);
            foreach (Tensor exit in exits) // a reshape that reads an exit reads it in its new place
                touched.UnionWith(graph.Consumers(exit));
        }
    }
}

using EthosU.Graphs;

namespace EthosU.Optimize.Passes;

/// <summary>A SPLIT or SLICE of a CONCATENATION whose parts are whole operands of it reads those.</summary>
internal static class JoinedParts
{
    public static Graph Run(Graph graph)
    {
        GraphPatch patch = new(graph);
        foreach (Node node in graph.Nodes)
        {
            if (Cuts(node) is not { } cuts
                || graph.Producer(cuts.Whole) is not { Operator: Concatenation { Activation: FusedActivation.None } join } producer
                || cuts.Whole.Shape.NormalizeAxis(join.Axis) != cuts.Axis || patch.Touches(producer))
                continue;
            var parts = new Tensor[node.Outputs.Length][];
            for (int i = 0, begin = cuts.Begin; i < parts.Length; begin += node.Outputs[i].Shape[cuts.Axis], i++)
                parts[i] = Operands(producer, cuts.Axis, begin, node.Outputs[i].Shape[cuts.Axis]);
            if (parts.Any(operands => operands.Length == 0))
                continue;
            List<Node> joins = [];
            for (int i = 0; i < parts.Length; i++)
            {
                if (parts[i].Length == 1 && !graph.IsOutput(node.Outputs[i]))
                    patch.Redirect(node.Outputs[i], parts[i][0]);
                else
                    joins.Add(new Node(new Concatenation(cuts.Axis), [.. parts[i]], [node.Outputs[i]], node.Source));
            }
            patch.Replace(node, [.. joins]);
        }
        return patch.Apply();
    }

    /// <summary>
    /// Neighbouring operands of a CONCATENATION that together are a part of its result; none if the part does not end where operands do.
    /// </summary>
    private static Tensor[] Operands(Node join, int axis, int begin, int length)
    {
        List<Tensor> covered = [];
        int at = 0;
        foreach (Tensor? operand in join.Inputs)
        {
            int end = at + operand!.Shape[axis];
            if (at >= begin && end <= begin + length)
                covered.Add(operand);
            else if (at < begin + length && end > begin)
                return [];
            at = end;
        }
        return [.. covered];
    }

    /// <summary>What a node cuts, along which axis, and where its first result begins; null if along several axes or none.</summary>
    private static (Tensor Whole, int Axis, int Begin)? Cuts(Node node)
    {
        switch (node.Operator)
        {
            case Split when node.Inputs[0]?.Data is { } axis:
                return (node.Input(1), node.Input(1).Shape.NormalizeAxis(axis.ToInt32Array()[0]), 0);
            case Slice when node.Inputs[1]?.Data is { } begin && node.Input(0) is var x && x.Shape.Rank == node.Output.Shape.Rank:
                int[] cut = [.. Enumerable.Range(0, x.Shape.Rank).Where(i => x.Shape[i] != node.Output.Shape[i])];
                return cut.Length == 1 ? (x, cut[0], begin.ToInt32Array()[cut[0]]) : null;
            default:
                return null;
        }
    }
}

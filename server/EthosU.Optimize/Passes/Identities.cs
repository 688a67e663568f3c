using EthosU.Graphs;

namespace EthosU.Optimize.Passes;

/// <summary>Removes nodes that give what they get.</summary>
internal static class Identities
{
    public static Graph Run(Graph graph)
    {
        GraphPatch patch = new(graph);
        foreach (Node node in graph.Nodes)
        {
            if (node.Outputs.Length != 1 || Unchanged(node) is not { IsConstant: false } x || x.Shape != node.Output.Shape
                || x.Type != node.Output.Type)
                continue;
            patch.Remove(node);
            patch.Redirect(node.Output, x);
        }
        return patch.Apply();
    }

    /// <summary>The operand that the node passes on if the shapes are equal; null if it computes.</summary>
    private static Tensor? Unchanged(Node node)
    {
        switch (node.Operator)
        {
            case Cast or Slice or Pad or PadV2 or MirrorPad or Tile or BroadcastTo or Reshape or Squeeze or SpaceToDepth { BlockSize: 1 }
                or DepthToSpace { BlockSize: 1 }:
                return node.Input(0);
            case StridedSlice { ShrinkAxisMask: 0, NewAxisMask: 0 } when node.TryInput(3)?.Data is { } strides
                && strides.ToInt32Array().All(stride => stride == 1):
                return node.Input(0);
            case Resize:
                return node.Input(0);
            case Concatenation { Activation: FusedActivation.None } or AddN when node.Inputs.Length == 1:
                return node.Input(0);
            case Pool2D { Kind: PoolKind.Max or PoolKind.Average, FilterHeight: 1, FilterWidth: 1, StrideHeight: 1, StrideWidth: 1,
                Activation: FusedActivation.None }:
                return node.Input(0);
            case Reduce { Kind: ReduceKind.Mean or ReduceKind.Sum or ReduceKind.Max or ReduceKind.Min or ReduceKind.Product,
                KeepDims: true }:
                return node.Input(0);
            case Binary { Activation: FusedActivation.None } binary when node.WithConstant() is { } operands
                && Operands.Single(operands.Constant) is { } value:
                return IsNeutral(binary.Kind, value, operands.IsFirst) ? operands.X : null;
            default:
                return null;
        }
    }

    private static bool IsNeutral(BinaryKind kind, float value, bool isFirst) => kind switch
    {
        BinaryKind.Add => value == 0,
        BinaryKind.Mul => value == 1,
        BinaryKind.Sub => value == 0 && !isFirst,
        BinaryKind.Div or BinaryKind.Pow => value == 1 && !isFirst,
        BinaryKind.Maximum => float.IsNegativeInfinity(value),
        BinaryKind.Minimum => float.IsPositiveInfinity(value),
        _ => false,
    };
}

using EthosU.Graphs;
using EthosU.Optimize.Tensors;

namespace EthosU.Optimize.Passes;

/// <summary>
/// Operators on tensors of more than four axes compute on fewer where neighbouring axes stay together: TensorFlow Lite Micro transposes up
/// to five axes and broadcasts up to four, the NPU has three. A RESHAPE before and behind costs nothing.
/// </summary>
internal static class HighRanks
{
    /// <summary>As many axes as everything can have.</summary>
    public const int Common = 4;

    private const int MostTransposed = 5;

    public static Graph Run(Graph graph)
    {
        GraphPatch patch = new(graph);
        foreach (Node node in graph.Nodes)
            if (node.Outputs is [{ Shape: { Rank: > Common, ElementCount: > 0 } }])
            {
                Node[]? nodes = node.Operator switch
                {
                    Transpose when Arrangement.Of(node) is { HasOrders: false } axes => Transposed(patch, node, axes.Axes.AsSpan()),
                    Binary or Compare or SelectV2 or PRelu => Broadcast(patch, node),
                    _ => null,
                };
                if (nodes is not null)
                    patch.Replace(node, nodes);
            }
        return patch.Apply();
    }

    private static Node[]? Transposed(GraphPatch patch, Node node, ReadOnlySpan<int> axes)
    {
        Shape shape = node.Input(0).Shape;
        // Blocks of neighbouring axes that stay neighbours, in the order of the result; axes of size 1 are in none.
        List<(int First, int Last, int Size)> blocks = [];
        foreach (int axis in axes)
        {
            if (shape[axis] == 1)
                continue;
            if (blocks.Count > 0 && blocks[^1] is var last && IsNext(shape, last.Last, axis))
                blocks[^1] = (last.First, axis, last.Size * shape[axis]);
            else
                blocks.Add((axis, axis, shape[axis]));
        }
        if (blocks.Count == axes.Length && blocks.Count <= MostTransposed)
            return null;
        List<Node> nodes = [];
        List<(int First, int Last, int Size)> stored = [.. blocks.OrderBy(static block => block.First)];
        Tensor x = node.Input(0);
        if (blocks.Count <= MostTransposed)
        {
            x = Reshaped(patch, nodes, node, x, [.. stored.Select(static block => block.Size)]);
            x = Permuted(patch, nodes, node, x, [.. blocks.Select(block => stored.IndexOf(block))]);
        }
        else
        {
            // One block after the other moves to its place, over those that come later.
            for (int place = 0; place < blocks.Count; place++)
            {
                int from = stored.IndexOf(blocks[place]);
                if (from == place)
                    continue;
                x = Reshaped(patch, nodes, node, x,
                    [SizeOf(stored, 0, place), SizeOf(stored, place, from), stored[from].Size, SizeOf(stored, from + 1, stored.Count)]);
                x = Permuted(patch, nodes, node, x, [0, 2, 1, 3]);
                stored.RemoveAt(from);
                stored.Insert(place, blocks[place]);
            }
        }
        return Finish(nodes, node, patch);
    }

    /// <summary>True if the second axis follows the first in the tensor, but for axes of size 1.</summary>
    private static bool IsNext(Shape shape, int first, int second)
    {
        if (second <= first)
            return false;
        for (int axis = first + 1; axis < second; axis++)
            if (shape[axis] != 1)
                return false;
        return true;
    }

    private static int SizeOf(List<(int First, int Last, int Size)> blocks, int start, int end)
    {
        int size = 1;
        for (int i = start; i < end; i++)
            size *= blocks[i].Size;
        return size;
    }

    private static Node[]? Broadcast(GraphPatch patch, Node node)
    {
        Shape result = node.Output.Shape;
        Tensor[] operands = [.. node.Inputs.OfType<Tensor>()];
        // TensorFlow Lite's PRELU broadcasts even what has equal shapes.
        if (operands.Length != node.Inputs.Length || (node.Operator is not PRelu && operands.All(operand => operand.Shape == result)))
            return null;
        // Axes whose elements each operand has either all or one of.
        List<(int Size, int Has)> merged = [];
        for (int axis = 0; axis < result.Rank; axis++)
        {
            int has = 0;
            for (int i = 0; i < operands.Length; i++)
                has |= SizeAt(operands[i].Shape, axis, result.Rank) == result[axis] ? 1 << i : 0;
            if (result[axis] == 1)
                continue;
            if (merged.Count > 0 && merged[^1].Has == has)
                merged[^1] = (merged[^1].Size * result[axis], has);
            else
                merged.Add((result[axis], has));
        }
        if (merged.Count > Common)
            return null;
        List<Node> nodes = [];
        Tensor?[] inputs = new Tensor?[operands.Length];
        for (int i = 0; i < operands.Length; i++)
        {
            Shape shape = new([.. merged.Select(axis => (axis.Has >> i & 1) == 1 ? axis.Size : 1)]);
            inputs[i] = operands[i].Data is { } data
                ? new Tensor(patch.MakeName(operands[i].Name), data.Reshape(shape), operands[i].Quantization)
                : Reshaped(patch, nodes, node, operands[i], shape);
        }
        Tensor y = new(patch.MakeName($"{node.Output.Name}/merged"), node.Output.Type, new([.. merged.Select(static axis => axis.Size)]));
        nodes.Add(new Node(node.Operator, [.. inputs], [y], node.Source));
        return Finish(nodes, node, patch);
    }

    private static int SizeAt(Shape shape, int axis, int rank) => axis - (rank - shape.Rank) is >= 0 and var own ? shape[own] : 1;

    private static Tensor Reshaped(GraphPatch patch, List<Node> nodes, Node node, Tensor x, Shape shape)
    {
        if (x.Shape == shape)
            return x;
        Tensor sizes = new(patch.MakeName($"{x.Name}/sizes"), TensorData.Vector<int>([.. shape]));
        Tensor y = new(patch.MakeName($"{x.Name}/merged"), x.Type, shape);
        nodes.Add(new Node(new Reshape(), [x, sizes], [y], node.Source));
        return y;
    }

    private static Tensor Permuted(GraphPatch patch, List<Node> nodes, Node node, Tensor x, int[] axes)
    {
        Tensor order = new(patch.MakeName($"{node.Output.Name}/axes"), TensorData.Vector<int>(axes));
        Tensor y = new(patch.MakeName($"{node.Output.Name}/merged"), x.Type, x.Shape.Permute(axes));
        nodes.Add(new Node(new Transpose(), [x, order], [y], node.Source));
        return y;
    }

    private static Node[] Finish(List<Node> nodes, Node node, GraphPatch patch)
    {
        Tensor sizes = new(patch.MakeName($"{node.Output.Name}/sizes"), TensorData.Vector<int>([.. node.Output.Shape]));
        nodes.Add(new Node(new Reshape(), [nodes[^1].Output, sizes], node.Outputs, node.Source));
        return [.. nodes];
    }
}

using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Optimize.Tensors;

namespace EthosU.Optimize.Passes;

/// <summary>
/// Cuts a grouped convolution into SPLIT, a convolution for each group, and CONCATENATION: runtimes before TensorFlow Lite 2.9, and
/// TensorFlow Lite Micro, know no groups. The NPU runs the same operations for both; it moves nothing for SPLIT and CONCATENATION.
/// </summary>
internal static class GroupedConvolutions
{
    private const int Granule = 8; // the NPU computes channels by eights: groups that fit into one together cost no more than one

    public static Graph Run(Graph graph)
    {
        GraphPatch patch = new(graph);
        foreach (Node node in graph.Nodes)
            if (GroupedFilters.GroupsOf(node) > 1)
                patch.Replace(node, Cut(patch, node));
        return patch.Apply();
    }

    private static Node[] Cut(GraphPatch patch, Node node)
    {
        Tensor x = node.Input(0), weights = node.Input(1), y = node.Output;
        int groups = GroupedFilters.GroupsOf(node), together = Together(weights, groups);
        if (together > 1)
        {
            weights = new Tensor(patch.MakeName(weights.Name), GroupedFilters.Merge(weights.Data!, groups, together), weights.Quantization);
            groups /= together;
        }
        if (groups == 1)
            return [node.WithInputs(node.Inputs.SetItem(1, weights))];
        List<Node> nodes = [];
        Tensor[] images = Split(patch, nodes, x, 3, groups, node), filters = Split(patch, nodes, weights, 0, groups, node);
        Tensor[]? biases = node.TryInput(2) is { } bias ? Split(patch, nodes, bias, 0, groups, node) : null;
        var results = new Tensor[groups];
        for (int i = 0; i < groups; i++)
        {
            results[i] = new Tensor(patch.MakeName($"{y.Name}/group{i}"), y.Type, y.Shape.With(3, y.Shape[3] / groups));
            ImmutableArray<Tensor?> operands = biases is null ? [images[i], filters[i]] : [images[i], filters[i], biases[i]];
            nodes.Add(new Node(node.Operator, operands, [results[i]], node.Source));
        }
        nodes.Add(new Node(new Concatenation(3), [.. results], [y], node.Source));
        return [.. nodes];
    }

    private static int Together(Tensor weights, int groups)
    {
        if (weights.Data is not { Type: ElementType.Float32 })
            return 1;
        int largest = Math.Max(weights.Shape[3], weights.Shape[0] / groups), together = Math.Max(Granule / Math.Max(largest, 1), 1);
        while (groups % together != 0)
            together--;
        return together;
    }

    /// <summary>Equal parts of a tensor along an axis: constants where it is one, the results of a SPLIT otherwise.</summary>
    private static Tensor[] Split(GraphPatch patch, List<Node> nodes, Tensor tensor, int axis, int count, Node node)
    {
        Shape shape = tensor.Shape.With(axis, tensor.Shape[axis] / count);
        Tensor[] parts = new Tensor[count];
        if (tensor.Data is { } data) // along axis 0 only, so that parts lie one behind the other
        {
            int bytes = data.Bytes.Length / count;
            for (int i = 0; i < count; i++)
                parts[i] = new Tensor(patch.MakeName($"{tensor.Name}/group{i}"),
                    new TensorData(data.Type, shape, data.Bytes.Slice(i * bytes, bytes)), Part(tensor.Quantization, axis, i, count));
            return parts;
        }
        for (int i = 0; i < count; i++)
            parts[i] = new Tensor(patch.MakeName($"{tensor.Name}/group{i}"), tensor.Type, shape);
        nodes.Add(new Node(new Split(), [new Tensor(patch.MakeName($"{node.Output.Name}/axis"), TensorData.Scalar(axis)), tensor],
            [.. parts], node.Source));
        return parts;
    }

    private static Quantization? Part(Quantization? whole, int axis, int index, int count)
    {
        if (whole is not { IsPerAxis: true })
            return whole;
        int length = whole.Scales.Length / count;
        return whole.Axis == axis
            ? Quantization.PerAxis(whole.Scales.Slice(index * length, length), whole.ZeroPoints.Slice(index * length, length), axis)
            : null;
    }
}

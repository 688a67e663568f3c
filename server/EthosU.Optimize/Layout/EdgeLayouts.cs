using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Optimize.Tensors;

namespace EthosU.Optimize.Layout;

/// <summary>Gives the model's image inputs and outputs their channels last, with a TRANSPOSE at each for the passes to move away.</summary>
internal static class EdgeLayouts
{
    private const int ImageRank = 4, SequenceRank = 3;
    private static readonly Arrangement SequenceToNlc = new([0, 2, 1]);

    /// <summary>
    /// How each input is to be arranged: images [N, C, H, W], and sequences [N, C, L] that a 1-D convolution or pool reads.
    /// </summary>
    public static ImmutableArray<Arrangement> InputOrders(Graph graph) =>
        [.. graph.Inputs
        .Select(input => Order(input, () => graph.Consumers(input).Any(node => node.Output.Shape.Rank == ImageRank && IsWindow(node))))];

    /// <summary>How each output is to be arranged.</summary>
    public static ImmutableArray<Arrangement> OutputOrders(Graph graph) =>
        [.. graph.Outputs.Select(output => Order(output, () => ComesFromWindow(graph, output)))];

    public static Graph ArrangeInputs(Graph graph, ImmutableArray<Arrangement> orders)
    {
        GraphPatch patch = new(graph);
        List<Node> transposes = [];
        var inputs = ImmutableArray.CreateBuilder<Tensor>();
        for (int i = 0; i < orders.Length; i++)
        {
            Tensor input = graph.Inputs[i];
            if (orders[i].IsIdentity)
            {
                inputs.Add(input);
                continue;
            }
            Tensor image = input.WithShape(orders[i].Apply(input.Shape));
            Tensor asBefore = input.WithName(patch.MakeName($"{input.Name}/channels_first"));
            inputs.Add(image);
            transposes.Add(MakeTranspose(patch, image, orders[i].Inverse(), asBefore));
            patch.Redirect(input, asBefore);
        }
        if (transposes.Count == 0)
            return graph;
        patch.SetInputs(inputs.ToImmutable());
        Graph result = patch.Apply();
        return result.With([.. transposes, .. result.Nodes]);
    }

    public static Graph ArrangeOutputs(Graph graph, ImmutableArray<Arrangement> orders)
    {
        GraphPatch patch = new(graph);
        List<Node> transposes = [];
        var outputs = ImmutableArray.CreateBuilder<Tensor>();
        Dictionary<Tensor, Tensor> done = [];
        for (int i = 0; i < orders.Length; i++)
        {
            Tensor output = graph.Outputs[i];
            if (orders[i].IsIdentity)
            {
                outputs.Add(output);
                continue;
            }
            if (!done.TryGetValue(output, out Tensor? image))
            {
                image = new Tensor(patch.MakeName($"{output.Name}/channels_last"), output.Type, orders[i].Apply(output.Shape),
                    output.Quantization) { Origin = output.Origin };
                done[output] = image;
                transposes.Add(MakeTranspose(patch, output, orders[i], image));
            }
            outputs.Add(image);
        }
        return transposes.Count == 0 ? graph : graph.With([.. graph.Nodes, .. transposes], outputs: outputs.ToImmutable());
    }

    private static Arrangement Order(Tensor tensor, Func<bool> isSequence) => tensor.Shape.Rank switch
    {
        ImageRank => Arrangement.ToNhwc,
        SequenceRank when isSequence() => SequenceToNlc,
        int rank => Arrangement.Identity(rank),
    };

    private static bool ComesFromWindow(Graph graph, Tensor tensor)
    {
        while (graph.Producer(tensor) is { Operator: Unary or LeakyRelu or Gelu } node)
            tensor = node.Input(0);
        return graph.Producer(tensor) is { } producer && producer.Inputs[0] is { Shape.Rank: ImageRank } && IsWindow(producer);
    }

    /// <summary>True for what lifts a sequence to an image for a 1-D operator, and back.</summary>
    private static bool IsWindow(Node node) => node.Operator is Reshape
        && node.Source.OperatorType is "Conv" or "ConvTranspose" or "MaxPool" or "AveragePool" or "LpPool" or "Resize" or "Upsample";

    private static Node MakeTranspose(GraphPatch patch, Tensor from, Arrangement axes, Tensor to) =>
        new(new Transpose(), [from, new Tensor(patch.MakeName($"{to.Name}/axes"), TensorData.Vector<int>(axes.Axes.AsSpan()))], [to]);
}

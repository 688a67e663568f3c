using System.Collections.Immutable;
using EthosU.Graphs;

namespace EthosU.Optimize.Layout;

/// <summary>Gives the model's image inputs and outputs their channels last, with a TRANSPOSE at each for the passes to move away.</summary>
internal static class EdgeLayouts
{
    private const int ImageRank = 4;

    /// <summary>Inputs of four axes become [N, H, W, C].</summary>
    public static Graph PutInputsChannelsLast(Graph graph)
    {
        GraphPatch patch = new(graph);
        List<Node> transposes = [];
        var inputs = ImmutableArray.CreateBuilder<Tensor>();
        foreach (Tensor input in graph.Inputs)
        {
            if (input.Shape.Rank != ImageRank)
            {
                inputs.Add(input);
                continue;
            }
            Tensor image = input.WithShape(Arrangement.ToNhwc.Apply(input.Shape));
            Tensor asBefore = input.WithName(patch.MakeName($"{input.Name}/nchw"));
            inputs.Add(image);
            transposes.Add(MakeTranspose(patch, image, Arrangement.ToNhwc.Inverse(), asBefore));
            patch.Redirect(input, asBefore);
        }
        patch.SetInputs(inputs.ToImmutable());
        Graph result = patch.Apply();
        return transposes.Count == 0 ? graph : result.With([.. transposes, .. result.Nodes]);
    }

    /// <summary>Outputs of four axes become [N, H, W, C].</summary>
    public static Graph PutOutputsChannelsLast(Graph graph)
    {
        GraphPatch patch = new(graph);
        List<Node> transposes = [];
        var outputs = ImmutableArray.CreateBuilder<Tensor>();
        Dictionary<Tensor, Tensor> done = [];
        foreach (Tensor output in graph.Outputs)
        {
            if (output.Shape.Rank != ImageRank)
            {
                outputs.Add(output);
                continue;
            }
            if (!done.TryGetValue(output, out Tensor? image))
            {
                image = new Tensor(patch.MakeName($"{output.Name}/nhwc"), output.Type, Arrangement.ToNhwc.Apply(output.Shape), output.Quantization) { Origin = output.Origin };
                done[output] = image;
                transposes.Add(MakeTranspose(patch, output, Arrangement.ToNhwc, image));
            }
            outputs.Add(image);
        }
        return transposes.Count == 0 ? graph : graph.With([.. graph.Nodes, .. transposes], outputs: outputs.ToImmutable());
    }

    private static Node MakeTranspose(GraphPatch patch, Tensor from, Arrangement axes, Tensor to) =>
        new(new Transpose(), [from, new Tensor(patch.MakeName($"{to.Name}/axes"), TensorData.Vector<int>(axes.Axes.AsSpan()))], [to]);
}

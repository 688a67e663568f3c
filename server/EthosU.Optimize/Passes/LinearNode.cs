using EthosU.Graphs;

namespace EthosU.Optimize.Passes;

/// <summary>A convolution or linear layer with constant weights, whose channels can be scaled and shifted.</summary>
internal sealed class LinearNode
{
    private readonly Node node;
    private readonly int data, biasIndex, outputAxis;
    private readonly TensorData weights;

    private LinearNode(Node node, int data, int biasIndex, int outputAxis, TensorData weights)
    {
        this.node = node;
        this.data = data;
        this.biasIndex = biasIndex;
        this.outputAxis = outputAxis;
        this.weights = weights;
    }

    /// <summary>The node's operand.</summary>
    public Tensor Input => node.Input(data);

    private int Channels => weights.Shape[outputAxis];

    private float[] Bias => node.TryInput(biasIndex)?.Data?.ToFloatArray() ?? new float[Channels];

    /// <summary>Null for nodes that are none, or whose weights or bias are not constant floats.</summary>
    public static LinearNode? Of(Node? node)
    {
        (int data, int bias, int axis)? places = node?.Operator switch
        {
            Conv2D or FullyConnected => (0, 2, 0),
            DepthwiseConv2D => (0, 2, 3),
            TransposeConv => (2, 3, 0),
            _ => null,
        };
        if (places is not { } p || node!.Input(1).Data is not { Type: ElementType.Float32 } weights
            || node.TryInput(p.bias) is { IsConstant: false })
            return null;
        return new(node, p.data, p.bias, p.axis, weights);
    }

    /// <summary>The node whose results are multiplied and added to, channel by channel, giving another tensor.</summary>
    public Node ScaleOutput(GraphPatch patch, float[] factor, float[] offset, Tensor output)
    {
        float[] scaled = weights.ToFloatArray(), bias = Bias;
        int inner = checked((int)weights.Shape.Strides()[outputAxis]);
        for (int i = 0; i < scaled.Length; i++)
            scaled[i] *= factor[i / inner % Channels];
        for (int i = 0; i < bias.Length; i++)
            bias[i] = (bias[i] * factor[i]) + offset[i];
        return With(patch, scaled, bias, node.Output == output ? [node.Output] : [output], ScaledQuantization(factor));
    }

    /// <summary>The node for an operand before it was multiplied and added to, channel by channel; null if its border forbids.</summary>
    public Node? ScaleInput(GraphPatch patch, Tensor input, float[] factor, float[] offset)
    {
        bool shifts = offset.Any(value => value != 0);
        bool overhangs = node.Operator is TransposeConv
            || (Window.Of(node) is { } window && !window.StaysInside(Input.Shape, node.Output.Shape));
        if ((shifts && overhangs) || (node.Operator is FullyConnected && weights.Shape[1] != factor.Length))
            return null;
        float[] scaled = weights.ToFloatArray();
        double[] sums = new double[Channels];
        int inner = checked((int)weights.Shape.Strides()[outputAxis]);
        int depth = weights.Shape[-1], groups = node.Operator is Conv2D ? factor.Length / depth : 1;
        for (int i = 0; i < scaled.Length; i++)
        {
            int channel = i / inner % Channels;
            int from = node.Operator is DepthwiseConv2D conv ? channel / conv.DepthMultiplier
                : (channel / (Channels / groups) * depth) + (i % depth);
            sums[channel] += (double)scaled[i] * offset[from];
            scaled[i] *= factor[from];
        }
        float[] bias = Bias;
        for (int i = 0; i < bias.Length; i++)
            bias[i] = (float)(bias[i] + sums[i]);
        Node result = With(patch, scaled, bias, [node.Output]);
        return result.WithInputs(result.Inputs.SetItem(data, input));
    }

    /// <summary>
    /// The quantization that the weights bring along from training, when their channels are scaled: the integers stay, but for their signs.
    /// </summary>
    private Quantization? ScaledQuantization(float[] factor)
    {
        if (node.Input(1).Quantization is not { } q || q.ZeroPoints.Any(zero => zero != 0) || (q.IsPerAxis && q.Axis != outputAxis))
            return null;
        float[] scales = [.. factor.Select((f, channel) => Math.Abs(f) * q.ScaleAt(channel))];
        return scales.All(scale => float.IsNormal(scale)) ? Quantization.PerAxisSymmetric([.. scales], outputAxis) : null;
    }

    private Node With(GraphPatch patch, float[] values, float[] bias, System.Collections.Immutable.ImmutableArray<Tensor> outputs,
        Quantization? quantization = null)
    {
        var inputs = node.Inputs.ToList();
        inputs[1] = new Tensor(patch.MakeName(node.Input(1).Name), TensorData.From<float>(weights.Shape, values), quantization);
        while (inputs.Count <= biasIndex)
            inputs.Add(null);
        if (inputs[biasIndex] is not null || bias.Any(value => value != 0))
            inputs[biasIndex] =
                new Tensor(patch.MakeName(inputs[biasIndex]?.Name ?? $"{node.Output.Name}/bias"),
                TensorData.From<float>([bias.Length], bias));
        return node.WithInputs([.. inputs]).WithOutputs(outputs);
    }
}

using System.Runtime.InteropServices;
using EthosU.Onnx.Proto;
using Google.Protobuf;

namespace EthosU.Benchmarks;

/// <summary>Writes networks of a known shape, with random weights, as PyTorch exports them.</summary>
internal sealed class NetworkBuilder
{
    private const int Float = 1, Integer = 2, Integers = 7, Opset = 17, FormatVersion = 8; // of element types, attribute types and ONNX
    private readonly GraphProto graph = new() { Name = "network" };
    private readonly Random random = new(1);

    /// <summary>MobileNetV2 1.0, 224 × 224 pixels, 1,000 classes: batch normalisation folded into the convolutions.</summary>
    public static ModelProto MobileNetV2()
    {
        NetworkBuilder net = new();
        string x = net.Clip(net.Conv(net.Input(224), 3, 32, 3, 2));
        int channels = 32;
        foreach ((int expand, int width, int count, int stride) in ((int, int, int, int)[])[(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2),
            (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)])
        {
            for (int i = 0; i < count; i++)
            {
                int inner = channels * expand, step = i == 0 ? stride : 1;
                string y = expand == 1 ? x : net.Clip(net.Conv(x, channels, inner, 1, 1));
                y = net.Conv(net.Clip(net.Conv(y, inner, inner, 3, step, inner)), inner, width, 1, 1);
                x = step == 1 && channels == width ? net.Node("Add", [x, y]) : y;
                channels = width;
            }
        }
        x = net.Node("Flatten", [net.Node("GlobalAveragePool", [net.Clip(net.Conv(x, channels, 1280, 1, 1))])]);
        return net.Finish(net.Node("Gemm", [x, net.Weights([1000, 1280], 1280), net.Weights([1000], 1000)], ("transB", 1)));
    }

    /// <summary>
    /// ConvNeXt, 28 million parameters, 224 × 224 pixels: layer normalisation, GELU by its error function, linear layers.
    /// </summary>
    public static ModelProto ConvNeXt()
    {
        NetworkBuilder net = new();
        int[] widths = [96, 192, 384, 768], depths = [3, 3, 9, 3];
        string x = net.Node("Transpose", [net.Normalized(net.Permuted(net.Conv(net.Input(224), 3, 96, 4, 4, pad: 0), 0, 2, 3, 1), 96)],
            ("perm", new long[] { 0, 3, 1, 2 }));
        for (int stage = 0; stage < widths.Length; stage++)
        {
            int width = widths[stage];
            if (stage > 0)
                x = net.Conv(net.Permuted(net.Normalized(net.Permuted(x, 0, 2, 3, 1), width / 2), 0, 3, 1, 2), width / 2, width, 2, 2,
                    pad: 0);
            for (int i = 0; i < depths[stage]; i++)
            {
                string y = net.Normalized(net.Permuted(net.Conv(x, width, width, 7, 1, width), 0, 2, 3, 1), width);
                y = net.Linear(net.Gelu(net.Linear(y, width, 4 * width)), 4 * width, width);
                x = net.Node("Add", [x, net.Permuted(net.Node("Mul", [y, net.Weights([width], 1)]), 0, 3, 1, 2)]);
            }
        }
        x = net.Normalized(net.Node("Flatten", [net.Node("GlobalAveragePool", [x])]), 768);
        return net.Finish(net.Node("Gemm", [x, net.Weights([1000, 768], 768), net.Weights([1000], 1000)], ("transB", 1)));
    }

    private string Input(int size)
    {
        graph.Input.Add(Value("input", [1, 3, size, size]));
        return "input";
    }

    private ModelProto Finish(string output)
    {
        graph.Node[^1].Output[0] = "output";
        graph.Output.Add(Value("output", [1, 1000]));
        ModelProto model = new() { IrVersion = FormatVersion, Graph = graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = Opset });
        return output.Length > 0 ? model : throw new InvalidOperationException("a network ends in a node");
    }

    private string Conv(string x, int from, int to, int kernel, int stride, int groups = 1, int? pad = null)
    {
        long p = pad ?? kernel / 2;
        int fan = from / groups * kernel * kernel;
        return Node("Conv", [x, Weights([to, from / groups, kernel, kernel], fan), Weights([to], fan)], ("group", groups),
            ("kernel_shape", new long[] { kernel, kernel }), ("strides", new long[] { stride, stride }), ("pads", new[] { p, p, p, p }));
    }

    private string Clip(string x) => Node("Clip", [x, Constant(0), Constant(6)]);

    private string Permuted(string x, params long[] axes) => Node("Transpose", [x], ("perm", axes));

    private string Normalized(string x, int width) =>
        Node("LayerNormalization", [x, Constant([width], 1), Constant([width], 0)], ("axis", -1));

    private string Linear(string x, int from, int to) => Node("Add", [Node("MatMul", [x, Weights([from, to], from)]), Weights([to], from)]);

    private string Gelu(string x)
    {
        string error = Node("Erf", [Node("Div", [x, Constant(MathF.Sqrt(2))])]);
        return Node("Mul", [Node("Mul", [x, Node("Add", [error, Constant(1)])]), Constant(0.5f)]);
    }

    private string Constant(float value) => Tensor([], [value]);

    private string Constant(long[] shape, float value) => Tensor(shape, [.. Enumerable.Repeat(value, (int)shape[0])]);

    /// <summary>Evenly distributed, of the variance that keeps the size of activations.</summary>
    private string Weights(long[] shape, int fan)
    {
        float[] values = new float[shape.Aggregate(1L, (a, b) => a * b)];
        float limit = MathF.Sqrt(6f / fan);
        for (int i = 0; i < values.Length; i++)
            values[i] = ((2 * random.NextSingle()) - 1) * limit;
        return Tensor(shape, values);
    }

    private string Tensor(long[] shape, float[] values)
    {
        TensorProto tensor =
            new() { Name = $"w{graph.Initializer.Count}", DataType = Float, RawData =
            ByteString.CopyFrom(MemoryMarshal.AsBytes(values.AsSpan())) };
        tensor.Dims.Add(shape);
        graph.Initializer.Add(tensor);
        return tensor.Name;
    }

    private string Node(string type, string[] inputs, params (string Name, object Value)[] attributes)
    {
        NodeProto node = new() { OpType = type, Name = $"{type}{graph.Node.Count}" };
        node.Input.Add(inputs);
        node.Output.Add($"v{graph.Node.Count}");
        foreach ((string name, object value) in attributes)
        {
            AttributeProto attribute = new() { Name = name };
            if (value is long[] list)
            {
                attribute.Type = Integers;
                attribute.Ints.Add(list);
            }
            else
            {
                attribute.Type = Integer;
                attribute.I = (int)value;
            }
            node.Attribute.Add(attribute);
        }
        graph.Node.Add(node);
        return node.Output[0];
    }

    private static ValueInfoProto Value(string name, long[] shape)
    {
        TensorShapeProto sizes = new();
        foreach (long size in shape)
            sizes.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = size });
        return new() { Name = name, Type = new() { TensorType = new() { ElemType = Float, Shape = sizes } } };
    }
}

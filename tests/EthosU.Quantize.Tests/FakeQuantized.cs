using EthosU.Graphs;
using EthosU.Interpreter;

namespace EthosU.Quantize.Tests;

/// <summary>Runs a quantized graph in real numbers, every result rounded to its quantization: what integers give, but for rounding inside operators.</summary>
internal sealed class FakeQuantized
{
    private readonly Graph graph;
    private readonly Dictionary<Tensor, Tensor> reals = [];
    private readonly List<Node> nodes = [];

    public FakeQuantized(Graph graph)
    {
        this.graph = graph;
        foreach (Node node in graph.Nodes)
        {
            Operator op = node.Operator;
            nodes.Add(new Node(op, [.. node.Inputs.Select(t => t is null ? null : Real(t))], [.. node.Outputs.Select(Real)], node.Source));
        }
    }

    public Dictionary<string, float[]> Run(TensorData[] inputs)
    {
        Dictionary<Tensor, TensorData> values = [];
        for (int i = 0; i < inputs.Length; i++)
            values[Real(graph.Inputs[i])] = Round(graph.Inputs[i], inputs[i]);
        for (int i = 0; i < nodes.Count; i++)
        {
            Node node = nodes[i];
            TensorData[] results;
            if (node.Operator is Graphs.Quantize or Graphs.Dequantize)
                results = [Value(node.Input(0))];
            else if (node.Operator is UnidirectionalSequenceLstm)
                results = new GraphInterpreter(new Graph("", [node], [node.Input(0)], [node.Output])).Run([Value(node.Input(0))]);
            else
                results = ConstantEvaluator.TryEvaluate(new Node(node.Operator, [.. node.Inputs.Select(t => t is null ? null : new Tensor(t.Name, Value(t)))], node.Outputs))
                    ?? throw new InvalidOperationException($"no kernel for {node}");
            for (int j = 0; j < results.Length; j++)
                values[node.Outputs[j]] = Round(graph.Nodes[i].Outputs[j], results[j]);
        }
        return graph.Nodes.SelectMany(n => n.Outputs).Where(t => reals[t].Type == ElementType.Float32).ToDictionary(t => t.Name, t => values[reals[t]].ToFloatArray());

        TensorData Value(Tensor tensor) => tensor.Data ?? values[tensor];
    }

    public static float[] Dequantize(Tensor tensor, TensorData data)
    {
        long[] stored = data.ToInt64Array();
        Graphs.Quantization q = tensor.Quantization!;
        long inner = q.IsPerAxis ? data.Shape.Skip(q.Axis + 1).Aggregate(1L, (a, b) => a * b) : 1;
        return [.. stored.Select((v, i) => q.IsPerAxis ? q.Scales[(int)(i / inner % q.Scales.Length)] * v : q.Scale * (v - q.ZeroPoint))];
    }

    private Tensor Real(Tensor tensor)
    {
        if (reals.TryGetValue(tensor, out Tensor? real))
            return real;
        if (tensor.Quantization is null)
            return reals[tensor] = tensor;
        return reals[tensor] = tensor.Data is { } data
            ? new Tensor(tensor.Name, TensorData.From<float>(tensor.Shape, Dequantize(tensor, data)))
            : tensor.WithType(ElementType.Float32, null);
    }

    private static TensorData Round(Tensor tensor, TensorData data)
    {
        if (tensor.Quantization is not { } q || data.Type != ElementType.Float32)
            return data;
        (int low, int high) = tensor.Type == ElementType.Int16 ? (-32768, 32767) : (-128, 127);
        return TensorData.From<float>(data.Shape, [.. data.ToFloatArray().Select(v => q.Scale * ((float)Math.Clamp(Math.Round(v / q.Scale, MidpointRounding.AwayFromZero) + q.ZeroPoint, low, high) - q.ZeroPoint))]);
    }
}

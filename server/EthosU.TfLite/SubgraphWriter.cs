using EthosU.Graphs;
using EthosU.TfLite.Options;
using Google.FlatBuffers;
using S = EthosU.TfLite.Schema;

namespace EthosU.TfLite;

/// <summary>Writes the main graph and those that its operators run, numbered in the order in which they are met.</summary>
internal sealed class SubgraphWriter(FlatBufferBuilder builder, BufferTable buffers, OperatorCodeTable codes)
{
    private readonly List<Graph> graphs = [];
    private readonly List<Offset<S.SubGraph>> offsets = [];

    /// <summary>Number of tensors in all graphs.</summary>
    public int TensorCount { get; private set; }

    /// <summary>The numbers of the main graph's tensors.</summary>
    public IReadOnlyDictionary<Tensor, int> MainIndices { get; private set; } = new Dictionary<Tensor, int>();

    public void WriteAll(Graph main)
    {
        Number(main);
        for (int i = 0; i < graphs.Count; i++)
            offsets.Add(WriteGraph(graphs[i], i == 0));
    }

    public Offset<S.SubGraph>[] Finish() => [.. offsets];

    private void Number(Graph graph)
    {
        if (graphs.Contains(graph))
            return;
        graphs.Add(graph);
        foreach (Node node in graph.Nodes)
        {
            switch (node.Operator)
            {
                case If op:
                    Number(op.Then);
                    Number(op.Else);
                    break;
                case While op:
                    Number(op.Condition);
                    Number(op.Body);
                    break;
                case CallOnce op:
                    Number(op.Initializer);
                    break;
            }
        }
    }

    private Offset<S.SubGraph> WriteGraph(Graph graph, bool main)
    {
        Dictionary<Tensor, int> indices = [];
        List<Offset<S.Tensor>> tensors = [];
        foreach (Tensor tensor in OrderOf(graph))
        {
            indices.Add(tensor, tensors.Count);
            tensors.Add(WriteTensor(tensor));
        }
        TensorCount += tensors.Count;
        if (main)
            MainIndices = indices;
        Offset<S.Operator>[] operators = [.. graph.Nodes.Select(node => WriteOperator(node, indices))];
        StringOffset name = builder.CreateString(main && graph.Name.Length == 0 ? "main" : graph.Name);
        return S.SubGraph.CreateSubGraph(builder,
            S.SubGraph.CreateTensorsVector(builder, [.. tensors]),
            S.SubGraph.CreateInputsVector(builder, [.. graph.Inputs.Select(t => indices[t])]),
            S.SubGraph.CreateOutputsVector(builder, [.. graph.Outputs.Select(t => indices[t])]),
            S.SubGraph.CreateOperatorsVector(builder, operators), name);
    }

    /// <summary>The order of the file that the graph was read from, as long as it still names every tensor.</summary>
    private static IEnumerable<Tensor> OrderOf(Graph graph)
    {
        HashSet<Tensor> known = [.. graph.TensorOrder];
        return graph.Tensors.All(known.Contains) ? graph.TensorOrder.Concat(graph.Tensors.Except(known)) : graph.Tensors;
    }

    private Offset<S.Tensor> WriteTensor(Tensor tensor)
    {
        uint buffer = tensor.Data is { Bytes.Length: > 0 } data ? buffers.Add(data.Bytes) : 0;
        StringOffset name = builder.CreateString(tensor.Name);
        VectorOffset shape = S.Tensor.CreateShapeVector(builder, [.. tensor.Shape]);
        Offset<S.QuantizationParameters> quantization = WriteQuantization(tensor);
        return S.Tensor.CreateTensor(builder, shape, (S.TensorType)tensor.Type, buffer, name, quantization, tensor.IsVariable,
            has_rank: true);
    }

    private Offset<S.QuantizationParameters> WriteQuantization(Tensor tensor)
    {
        if (tensor.Quantization is null && tensor.Range is null)
            return default;
        VectorOffset min = default, max = default, scales = default, zeroPoints = default;
        if (tensor.Range is { } range)
        {
            min = S.QuantizationParameters.CreateMinVector(builder, [range.Min]);
            max = S.QuantizationParameters.CreateMaxVector(builder, [range.Max]);
        }
        if (tensor.Quantization is { } q)
        {
            scales = S.QuantizationParameters.CreateScaleVector(builder, [.. q.Scales]);
            zeroPoints = S.QuantizationParameters.CreateZeroPointVector(builder, [.. q.ZeroPoints]);
        }
        return S.QuantizationParameters.CreateQuantizationParameters(builder, min, max, scales, zeroPoints,
            quantized_dimension: tensor.Quantization?.Axis ?? 0);
    }

    private Offset<S.Operator> WriteOperator(Node node, Dictionary<Tensor, int> indices)
    {
        OptionTable options = WriteOptions(node);
        VectorOffset custom = node.Operator is Custom { Options.Length: > 0 } op
            ? S.Operator.CreateCustomOptionsVector(builder, op.Options.ToArray())
            : default;
        VectorOffset mutating = node.Inputs.Any(input => input?.IsVariable == true)
            ? S.Operator.CreateMutatingVariableInputsVector(builder, [.. node.Inputs.Select(input => input?.IsVariable == true)])
            : default;
        VectorOffset intermediates = node.Intermediates.IsEmpty
            ? default
            : S.Operator.CreateIntermediatesVector(builder, [.. node.Intermediates.Select(Index)]);
        // An empty shape tensor would look like one without data.
        bool toScalar = node.Operator is Reshape && node.TryInput(1)?.Data is { Count: 0 };
        VectorOffset inputs =
            S.Operator.CreateInputsVector(builder, [.. node.Inputs.Take(toScalar ? 1 : node.Inputs.Length).Select(Index)]);
        VectorOffset outputs = S.Operator.CreateOutputsVector(builder, [.. node.Outputs.Select(Index)]);
        return S.Operator
            .CreateOperator(builder, codes.Add(node), inputs, outputs, options.Type, options.Offset, custom, 0, mutating, intermediates);

        int Index(Tensor? tensor) => tensor is null ? -1 : indices[tensor];
    }

    private OptionTable WriteOptions(Node node)
    {
        switch (node.Operator)
        {
            case If op:
                return OptionTable
                    .Of(S.BuiltinOptions.IfOptions, S.IfOptions.CreateIfOptions(builder, graphs.IndexOf(op.Then), graphs.IndexOf(op.Else)));
            case While op:
                return OptionTable.Of(S.BuiltinOptions.WhileOptions,
                    S.WhileOptions.CreateWhileOptions(builder, graphs.IndexOf(op.Condition), graphs.IndexOf(op.Body)));
            case CallOnce op:
                return OptionTable
                    .Of(S.BuiltinOptions.CallOnceOptions, S.CallOnceOptions.CreateCallOnceOptions(builder, graphs.IndexOf(op.Initializer)));
        }
        return OptionFamilies.Write(builder, node);
    }
}

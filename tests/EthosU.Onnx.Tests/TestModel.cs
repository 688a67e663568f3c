using EthosU.Graphs;
using EthosU.Import;
using EthosU.Interpreter;
using EthosU.Onnx.Proto;
using EthosU.TfLite;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Xunit;

namespace EthosU.Onnx.Tests;

/// <summary>Builds ONNX models as exporters write them, and compares their import with ONNX Runtime.</summary>
internal sealed class TestModel
{
    private readonly Random random = new(3);

    public TestModel(int opset = 18)
    {
        Proto = new() { IrVersion = 8, ProducerName = "pytorch", ProducerVersion = "2.5.0", Graph =
            new GraphProto { Name = "main_graph" } };
        Proto.OpsetImport.Add(new OperatorSetIdProto { Version = opset });
    }

    public ModelProto Proto { get; }

    public GraphProto Graph => Proto.Graph;

    public TestModel Input(string name, params long[] sizes)
    {
        Graph.Input.Add(Value(name, 1, sizes));
        return this;
    }

    public TestModel Output(params string[] names)
    {
        foreach (string name in names)
            Graph.Output.Add(
                new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = 1 } } });
        return this;
    }

    public TestModel Weights(string name, params long[] sizes) =>
        Floats(name, sizes, [.. Enumerable.Range(0, (int)sizes.Aggregate(1L, (a, b) => a * b)).Select(_ => random.NextSingle() - 0.5f)]);

    public TestModel Floats(string name, long[] sizes, params float[] values)
    {
        TensorProto tensor =
            new() { Name = name, DataType = 1, RawData = ByteString.CopyFrom(TensorData.From<float>([values.Length], values).Bytes.Span) };
        tensor.Dims.Add(sizes);
        Graph.Initializer.Add(tensor);
        return this;
    }

    public TestModel Integers(string name, params long[] values)
    {
        TensorProto tensor = new() { Name = name, DataType = 7 };
        tensor.Dims.Add(values.Length);
        tensor.Int64Data.Add(values);
        Graph.Initializer.Add(tensor);
        return this;
    }

    public TestModel Bytes(string name, int type, long[] sizes, params int[] values)
    {
        TensorProto tensor = new() { Name = name, DataType = type };
        tensor.Dims.Add(sizes);
        tensor.Int32Data.Add(values);
        Graph.Initializer.Add(tensor);
        return this;
    }

    public TestModel Node(string type, string inputs, string outputs, params (string Name, object Value)[] attributes)
    {
        Graph.Node.Add(MakeNode(type, inputs, outputs, attributes));
        return this;
    }

    /// <summary>A node; names are separated by blanks, '-' stands for one left out.</summary>
    public static NodeProto MakeNode(string type, string inputs, string outputs, params (string Name, object Value)[] attributes)
    {
        int dot = type.LastIndexOf('.');
        NodeProto node = new() { OpType = type[(dot + 1)..], Domain = dot < 0 ? "" : type[..dot], Name = $"node_{outputs.Split(' ')[0]}" };
        node.Input.Add(inputs.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(name => name == "-" ? "" : name));
        node.Output.Add(outputs.Split(' ').Select(name => name == "-" ? "" : name));
        foreach ((string name, object value) in attributes)
            node.Attribute.Add(Attribute(name, value));
        return node;
    }

    public static AttributeProto Attribute(string name, object value)
    {
        AttributeProto attribute = new() { Name = name };
        switch (value)
        {
            case int i:
                (attribute.I, attribute.Type) = (i, 2);
                break;
            case float f:
                (attribute.F, attribute.Type) = (f, 1);
                break;
            case string s:
                (attribute.S, attribute.Type) = (ByteString.CopyFromUtf8(s), 3);
                break;
            case long[] list:
                attribute.Ints.Add(list);
                attribute.Type = 7;
                break;
            case GraphProto graph:
                (attribute.G, attribute.Type) = (graph, 5);
                break;
            case TensorProto tensor:
                (attribute.T, attribute.Type) = (tensor, 4);
                break;
            default:
                throw new ArgumentException($"{value.GetType()} is no attribute", nameof(value));
        }
        return attribute;
    }

    public static ValueInfoProto Value(string name, int type, params long[] sizes)
    {
        TypeProto.Types.Tensor tensor = new() { ElemType = type, Shape = new TensorShapeProto() };
        foreach (long size in sizes)
            tensor.Shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = size });
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = tensor } };
    }

    /// <summary>The import of the model, by way of a file.</summary>
    public ImportedModel Import(OnnxImportOptions? options = null)
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, Proto.ToByteArray());
            return OnnxReader.Read(path, options, TestContext.Current.CancellationToken);
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Imports, writes and reads as .tflite, runs, and compares every output with ONNX Runtime.</summary>
    public Graph EqualsOnnxRuntime(float tolerance = 1e-4f)
    {
        Graph graph = Import().Graph;
        using InferenceSession session = new(Proto.ToByteArray());
        List<NamedOnnxValue> feeds = [];
        List<TensorData> inputs = [];
        foreach (Graphs.Tensor input in graph.Inputs)
        {
            float[] x = [.. Enumerable.Range(0, checked((int)input.Shape.ElementCount)).Select(_ => (random.NextSingle() * 4) - 2)];
            feeds.Add(NamedOnnxValue.CreateFromTensor(input.Name, new DenseTensor<float>(x.AsMemory(), [.. input.Shape])));
            inputs.Add(TensorData.From<float>(input.Shape, x));
        }
        using var expected = session.Run(feeds, [.. Graph.Output.Select(output => output.Name)]);
        foreach (Graph run in (Graph[])[graph, TfLiteReader.Read(TfLiteWriter.Write(graph), "written.tflite")])
        {
            TensorData[] actual = new GraphInterpreter(run).Run(inputs, cancellation: TestContext.Current.CancellationToken);
            for (int i = 0; i < actual.Length; i++)
            {
                float[] want = [.. expected[i].AsEnumerable<float>()], got = actual[i].ToFloatArray();
                Assert.Equal(want.Length, got.Length);
                float scale = Math.Max(1e-3f, want.Max(Math.Abs)), difference = want.Zip(got).Max(p => Math.Abs(p.First - p.Second));
                Assert.True(difference <= tolerance * scale, $"output {i} differs by {difference} of {scale}:\n{graph}");
            }
        }
        return graph;
    }
}

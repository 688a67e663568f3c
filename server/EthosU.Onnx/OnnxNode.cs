using System.Text;
using EthosU.Graphs;
using EthosU.Import;
using EthosU.Onnx.Proto;

namespace EthosU.Onnx;

/// <summary>A node of the file with typed access to its attributes.</summary>
internal sealed class OnnxNode
{
    private readonly Dictionary<string, AttributeProto> attributes = new(StringComparer.Ordinal);
    private readonly TensorLoader loader;

    public OnnxNode(NodeProto proto, OperatorSet set, TensorLoader loader)
    {
        Proto = proto;
        Set = set;
        Origin = OriginOf(proto);
        this.loader = loader;
        foreach (AttributeProto attribute in proto.Attribute)
            attributes[attribute.Name] = attribute;
    }

    public NodeProto Proto { get; }

    public string Type => Proto.OpType;

    /// <summary>The operator set that the node belongs to.</summary>
    public OperatorSet Set { get; }

    /// <summary>The node in findings and in names of tensors.</summary>
    public SourceOperator Origin { get; }

    /// <summary>What findings call a node.</summary>
    public static SourceOperator OriginOf(NodeProto proto) =>
        new(proto.OpType, proto.Output.FirstOrDefault(static name => name.Length > 0) ?? proto.OpType, SourceReader.Read(proto));

    public bool Has(string name) => attributes.ContainsKey(name);

    public int Int(string name, int otherwise) => attributes.TryGetValue(name, out var a) ? Saturate(a.I) : otherwise;

    public float Float(string name, float otherwise) => !attributes.TryGetValue(name, out var a) ? otherwise
        : !float.IsNaN(a.F) ? a.F
        : throw new UnsupportedOperatorException($"Its attribute {name} is not a number (NaN).", "Check the exported model.");

    public string Text(string name, string otherwise) =>
        attributes.TryGetValue(name, out var a) ? Encoding.UTF8.GetString(a.S.Span) : otherwise;

    public int[]? Ints(string name) => attributes.TryGetValue(name, out var a) ? [.. a.Ints.Select(Saturate)] : null;

    /// <summary>A list of as many integers as the operator takes; null if there is none.</summary>
    public int[]? Ints(string name, int count) => Ints(name) is not { } values || values.Length == count ? Ints(name)
        : throw new UnsupportedOperatorException($"Its attribute {name} has {values.Length} numbers; {count} are expected.",
        "Check the exported model.");

    /// <summary>An attribute that is one of a few words.</summary>
    public string Word(string name, string otherwise, params ReadOnlySpan<string> others) =>
        Text(name, otherwise) is var word && (word == otherwise || others.Contains(word)) ? word
        : throw new UnsupportedOperatorException($"Its attribute {name} is '{word}'; {otherwise}, {string.Join(", ", others)} are known.",
        "Check the exported model.");

    public float[]? Floats(string name) => attributes.TryGetValue(name, out var a) ? [.. a.Floats] : null;

    public string[]? Texts(string name) => attributes.TryGetValue(name, out var a) ? [.. a.Strings.Select(s => s.ToStringUtf8())] : null;

    public GraphProto? Graph(string name) => attributes.TryGetValue(name, out var a) ? a.G : null;

    public TensorData? Tensor(string name) =>
        attributes.TryGetValue(name, out var a) && a.T is not null ? loader.Load(a.T, $"attribute '{name}'") : null;

    /// <summary>Number of the element type of an attribute that is a tensor; null if there is none.</summary>
    public int? TensorType(string name) => attributes.TryGetValue(name, out var a) ? a.T?.DataType : null;

    /// <summary>64-bit integers stand for sizes and positions, where the largest 32-bit ones mean the same.</summary>
    public static int Saturate(long value) => (int)Math.Clamp(value, int.MinValue, int.MaxValue);
}

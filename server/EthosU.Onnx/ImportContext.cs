using EthosU.Graphs;
using EthosU.Interpreter;

namespace EthosU.Onnx;

/// <summary>
/// The graph under construction, as the importers of operators see it. What has constant operands only is computed at once.
/// </summary>
internal sealed class ImportContext(GraphBuilder builder)
{
    private const long FoldLimit = 1 << 26; // elements; larger results of constants stay operators
    private readonly Stack<Dictionary<string, Tensor>> scopes = new([new(StringComparer.Ordinal)]);

    /// <summary>The node being imported.</summary>
    public OnnxNode Node { get; set; } = null!;

    /// <summary>Where it comes from.</summary>
    public Source Source { get; set; } = Source.None;

    /// <summary>Quantization that the model brings along, by value name.</summary>
    public Dictionary<string, Quantization> Quantizations { get; } = new(StringComparer.Ordinal);

    /// <summary>Imports the nodes of a subgraph in a scope of its own and gives its outputs.</summary>
    public required Func<Proto.GraphProto, Tensor[]> ImportSubgraph { get; init; }

    public int InputCount => Node.Proto.Input.Count;

    public int OutputCount => Node.Proto.Output.Count;

    public Dictionary<string, Tensor> Scope => scopes.Peek();

    public Tensor? Lookup(string name)
    {
        foreach (var scope in scopes)
            if (scope.TryGetValue(name, out Tensor? tensor))
                return tensor;
        return null;
    }

    public void OpenScope() => scopes.Push(new(StringComparer.Ordinal));

    public void CloseScope() => scopes.Pop();

    public bool HasInput(int index) => index < InputCount && Node.Proto.Input[index].Length > 0;

    public Tensor Input(int index) => TryInput(index)
        ?? throw Unsupported($"Input {index} is missing.", "Export the model again; the file is not complete.");

    public Tensor? TryInput(int index) => HasInput(index) ? Lookup(Node.Proto.Input[index]) : null;

    public bool WantsOutput(int index) => index < OutputCount && Node.Proto.Output[index].Length > 0;

    /// <summary>Makes a tensor the value of the node's output.</summary>
    public void Output(int index, Tensor tensor)
    {
        if (WantsOutput(index))
            Scope[Node.Proto.Output[index]] = tensor;
    }

    /// <summary>The constant integers of an input, or of the attribute that held them in older operator sets; null if neither is there.</summary>
    public int[]? ReadIntegers(int index, string? attribute = null)
    {
        if (attribute is not null && Node.Ints(attribute) is { } values)
            return values;
        if (TryInput(index) is not { } tensor)
            return null;
        return Constant(tensor, $"input {index}").ToInt32Array();
    }

    public TensorData Constant(Tensor tensor, string what) => tensor.Data
        ?? throw Unsupported($"The {what} of this {Node.Type} ('{tensor.Name}') depends on the data that flow through the network.",
            "Export with fixed shapes, so that such values are constants (torch.onnx.export without dynamic axes; no shapes computed from values).");

    public Tensor Constant(TensorData data, string suffix = "const") => builder.AddConstant($"{Name}/{suffix}", data);

    public Tensor Integers(params ReadOnlySpan<int> values) => Constant(TensorData.Vector(values), "ints");

    public Tensor Scalar(float value) => Constant(TensorData.Scalar(value));

    public Tensor Scalar(int value) => Constant(TensorData.Scalar(value));

    /// <summary>Adds an operator with one result.</summary>
    public Tensor Emit(Operator op, params ReadOnlySpan<Tensor?> operands) => EmitMany(op, 1, operands)[0];

    /// <summary>Adds an operator with several results.</summary>
    public Tensor[] EmitMany(Operator op, int count, params ReadOnlySpan<Tensor?> operands)
    {
        TensorType[] types;
        try
        {
            types = [.. ShapeInference.Infer(op, [.. operands], count)];
        }
        catch (InvalidGraphException e)
        {
            throw Unsupported($"Its shapes or options do not fit together ({e.Message}).", "Check the exported model with ONNX Runtime; if it runs there, report this.");
        }
        return Add(op, types, operands);
    }

    /// <summary>Adds a conversion to another element type.</summary>
    public Tensor Cast(Tensor x, ElementType type) => x.Type == type ? x : Add(new Cast(), [new(type, x.Shape)], x)[0];

    public Tensor Reshape(Tensor x, Shape shape) => x.Shape == shape ? x : Emit(new Reshape(), x, Integers([.. shape]));

    public Tensor Transpose(Tensor x, params int[] permutation) =>
        permutation.AsSpan().SequenceEqual(Enumerable.Range(0, permutation.Length).ToArray()) ? x : Emit(new Transpose(), x, Integers(permutation));

    public Tensor Add(Tensor a, Tensor b) => Emit(new Binary(BinaryKind.Add), a, b);

    public Tensor Sub(Tensor a, Tensor b) => Emit(new Binary(BinaryKind.Sub), a, b);

    public Tensor Mul(Tensor a, Tensor b) => Emit(new Binary(BinaryKind.Mul), a, b);

    public Tensor Unary(UnaryKind kind, Tensor x) => Emit(new Unary(kind), x);

    public Tensor Reduce(ReduceKind kind, Tensor x, int[] axes, bool keep) => Emit(new Reduce(kind, keep), x, Integers(axes));

    /// <summary>An image [N, C, D1, …] with its channels last.</summary>
    public Tensor ChannelsLast(Tensor x) => x.Shape.Rank < 3 ? x : Transpose(x, [0, .. Enumerable.Range(2, x.Shape.Rank - 2), 1]);

    /// <summary>The inverse of <see cref="ChannelsLast"/>.</summary>
    public Tensor ChannelsFirst(Tensor x) => x.Shape.Rank < 3 ? x : Transpose(x, [0, x.Shape.Rank - 1, .. Enumerable.Range(1, x.Shape.Rank - 2)]);

    public static UnsupportedNodeException Unsupported(string reason, string advice) => new(reason, advice);

    private string Name => Node.Proto.Output.FirstOrDefault(name => name.Length > 0) ?? Node.Type;

    private Tensor[] Add(Operator op, ReadOnlySpan<TensorType> types, params ReadOnlySpan<Tensor?> operands)
    {
        var outputs = new Tensor[types.Length];
        for (int i = 0; i < outputs.Length; i++)
            outputs[i] = new Tensor(builder.MakeName($"{Name}/{op.Name}"), types[i].Type, types[i].Shape);
        Node node = new(op, [.. operands], [.. outputs], Source);
        if (outputs.Sum(output => output.Shape.ElementCount) <= FoldLimit && Fold(node) is { } values)
            return [.. values.Select((value, i) => new Tensor(outputs[i].Name, value))];
        builder.AddNode(node);
        return outputs;
    }

    private static TensorData[]? Fold(Node node)
    {
        try
        {
            return ConstantEvaluator.TryEvaluate(node);
        }
        catch (InvalidOperationException e)
        {
            throw Unsupported($"Its constant operands cannot be computed with: {e.Message}.", "Check the exported model.");
        }
    }
}

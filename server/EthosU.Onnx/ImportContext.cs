using EthosU.Graphs;
using EthosU.Interpreter;
using EthosU.Onnx.Proto;

namespace EthosU.Onnx;

/// <summary>
/// The graph under construction, as the importers of operators see it. What has constant operands only is computed at once.
/// </summary>
/// <param name="builder">Takes the nodes.</param>
/// <param name="budget">What may be spent on computing constants.</param>
internal sealed class ImportContext(GraphBuilder builder, FoldingBudget budget)
{
    private const int MaxConcatenated = 10; // TensorFlow Lite Micro takes no more at once (tflite-format 11.2)
    private const int LargestList = 1 << 22;
    private const int LargestTensor = 1 << 23; // elements; an RGB image of 1920 x 1080 has 6 million
    private readonly Dictionary<string, int> storedTypes = new(StringComparer.Ordinal);
    private ValueScope scope = new(null);
    private ValueScope? main;

    /// <summary>The node being imported.</summary>
    public OnnxNode Node { get; set; } = null!;

    /// <summary>Where it comes from.</summary>
    public Source Source { get; set; } = Source.None;

    /// <summary>Quantization that the model brings along, by value name.</summary>
    public Dictionary<string, Quantization> Quantizations { get; } = new(StringComparer.Ordinal);

    /// <summary>How the quantized values of the main graph that stand for reals are stored, by name.</summary>
    public Dictionary<string, StoredForm> Forms { get; } = new(StringComparer.Ordinal);

    /// <summary>Between which numbers values lie.</summary>
    public ValueBounds Bounds { get; } = new();

    /// <summary>What the user should know beside.</summary>
    public List<Finding> Findings { get; } = [];

    /// <summary>Who reads which value.</summary>
    public required ValueUses Uses { get; init; }

    /// <summary>
    /// Imports the nodes of a subgraph in a scope of its own, its inputs bound to the tensors given, and gives its outputs.
    /// </summary>
    public required Func<GraphProto, IReadOnlyList<Tensor>, Tensor[]> ImportSubgraph { get; init; }

    public int InputCount => Node.Proto.Input.Count;

    public int OutputCount => Node.Proto.Output.Count;

    public Dictionary<string, Tensor> Scope => scope.Tensors;

    public Tensor? Lookup(string name) => scope.FindTensor(name);

    public bool IsKnown(string name) => scope.FindTensor(name) is not null || scope.FindSequence(name) is not null;

    /// <summary>True outside subgraphs and functions, where names are their own.</summary>
    public bool InMainGraph => main is null || scope == main;

    /// <summary>True if a quantized value can be imported as the reals that it stands for.</summary>
    public bool StandsForReals(string name) => InMainGraph && Uses.StandsForReals(name);

    /// <summary>Notes the type of a constant's elements in the file.</summary>
    public void NoteType(string name, int onnxType) => storedTypes[name] = onnxType;

    /// <summary>The type of a constant's elements in the file, by its number in ONNX; 0 where several are possible.</summary>
    public int StoredType(string name, Tensor tensor) => storedTypes.TryGetValue(name, out int type) ? type
        : tensor.Type switch { ElementType.UInt8 => 2, ElementType.Int8 => 3, _ => 0 };

    public void OpenScope()
    {
        main ??= scope;
        scope = new(scope);
    }

    public void CloseScope() => scope = scope.Outer!;

    /// <summary>Opens a scope that sees nothing of the others; gives the one to return to.</summary>
    public ValueScope OpenFunctionScope()
    {
        ValueScope caller = scope;
        main ??= scope;
        scope = new(null);
        return caller;
    }

    public void ReturnTo(ValueScope caller) => scope = caller;

    public bool HasInput(int index) => index < InputCount && Node.Proto.Input[index].Length > 0;

    public Tensor Input(int index) => TryInput(index)
        ?? throw Unsupported($"Input {index} is missing.", "Export the model again; the file is not complete.");

    public Tensor? TryInput(int index) => HasInput(index) ? Lookup(Node.Proto.Input[index]) : null;

    /// <summary>The elements of an input that is a sequence.</summary>
    public Tensor[] Sequence(int index) => HasInput(index) && scope.FindSequence(Node.Proto.Input[index]) is { } sequence
        ? sequence
        : throw Unsupported($"Input {index} is no sequence.", "Export the model again; the file is not complete.");

    public bool WantsOutput(int index) => index < OutputCount && Node.Proto.Output[index].Length > 0;

    /// <summary>Makes a tensor the value of the node's output.</summary>
    public void Output(int index, Tensor tensor)
    {
        if (WantsOutput(index))
            scope.Tensors[Node.Proto.Output[index]] = tensor;
    }

    public void OutputSequence(int index, Tensor[] sequence)
    {
        if (WantsOutput(index))
            scope.Sequences[Node.Proto.Output[index]] = sequence;
    }

    /// <summary>
    /// The constant integers of an input, or of the attribute that held them in older operator sets; null if neither is there.
    /// </summary>
    public int[]? ReadIntegers(int index, string? attribute = null)
    {
        if (attribute is not null && Node.Ints(attribute) is { } values)
            return values;
        if (TryInput(index) is not { } tensor)
            return null;
        return Constant(tensor, attribute ?? $"input {index}").ToInt32Array();
    }

    /// <summary>The same where they must be there.</summary>
    public int[] Integers(int index, string attribute) => ReadIntegers(index, attribute)
        ?? throw Unsupported($"It has no {attribute}.", "Export the model again; the file is not complete.");

    public TensorData Constant(Tensor tensor, string what) => tensor.Data
        ?? throw Unsupported($"The {what} of this {Node.Type} ('{tensor.Name}') depends on the data that flow through the network.",
            "Export with fixed shapes, so that such values are constants (torch.onnx.export without dynamic axes; no shapes computed from "
                + "values).");

    public Tensor Constant(TensorData data, string suffix = "const") => builder.AddConstant($"{Name}/{suffix}", data);

    public Tensor Integers(params ReadOnlySpan<int> values) => Constant(TensorData.Vector(values), "ints");

    public Tensor Scalar(float value) => Constant(TensorData.Scalar(value));

    public Tensor Scalar(int value) => Constant(TensorData.Scalar(value));

    /// <summary>Refuses lists of numbers that would be made for a size that stands in the file, but has no data behind it.</summary>
    public int Listed(long elements) => elements is >= 0 and <= LargestList
        ? (int)elements
        : throw Unsupported($"This {Node.Type} would need a table of {elements} numbers.", "Use smaller sizes.");

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
            throw Unsupported($"Its shapes or options do not fit together ({e.Message}).",
                "Check the exported model with ONNX Runtime; if it runs there, report this.");
        }
        return Add(op, types, operands);
    }

    /// <summary>Adds a conversion to another element type.</summary>
    public Tensor Cast(Tensor x, ElementType type) => x.Type == type ? x : Add(new Cast(), [new(type, x.Shape)], x)[0];

    public Tensor Reshape(Tensor x, Shape shape) => x.Shape == shape ? x : Emit(new Reshape(), x, Integers([.. shape]));

    public Tensor Transpose(Tensor x, params int[] permutation) =>
        permutation.AsSpan().SequenceEqual(Enumerable.Range(0, permutation.Length).ToArray()) ? x
        : Emit(new Transpose(), x, Integers(permutation));

    /// <summary>
    /// An operator of two operands. Those of 8 and 16 bits, which hold plain numbers here, are computed with in 32 bits: runtimes
    /// take such types for quantized values.
    /// </summary>
    public Tensor Binary(BinaryKind kind, Tensor a, Tensor b)
    {
        if (a.Type is not (ElementType.Int8 or ElementType.UInt8))
            return Emit(new Binary(kind), a, b);
        return Cast(Emit(new Binary(kind), Cast(a, ElementType.Int32), Cast(b, ElementType.Int32)), a.Type);
    }

    public Tensor Add(Tensor a, Tensor b) => Binary(BinaryKind.Add, a, b);

    public Tensor Sub(Tensor a, Tensor b) => Binary(BinaryKind.Sub, a, b);

    public Tensor Mul(Tensor a, Tensor b) => Binary(BinaryKind.Mul, a, b);

    public Tensor Unary(UnaryKind kind, Tensor x) => Emit(new Unary(kind), x);

    public Tensor Reduce(ReduceKind kind, Tensor x, int[] axes, bool keep) =>
        axes.Length == 0 ? x : Emit(new Reduce(kind, keep), x, Integers(axes));

    /// <summary>Tensors joined along an axis, in groups of as many as runtimes take.</summary>
    public Tensor Concat(int axis, IReadOnlyList<Tensor> parts)
    {
        if (parts.Count == 1)
            return parts[0];
        while (parts.Count > MaxConcatenated)
            parts = [.. parts.Chunk(MaxConcatenated).Select(group => Concat(axis, group))];
        return Emit(new Concatenation(axis), [.. parts]);
    }

    /// <summary>A part of a tensor.</summary>
    public Tensor Slice(Tensor x, ReadOnlySpan<int> begin, ReadOnlySpan<int> size) => Emit(new Slice(), x, Integers(begin), Integers(size));

    /// <summary>Elements <paramref name="begin"/> and following along one axis.</summary>
    public Tensor SliceAxis(Tensor x, int axis, int begin, int count)
    {
        if (begin == 0 && count == x.Shape[axis])
            return x;
        int[] start = new int[x.Shape.Rank];
        start[axis] = begin;
        return Slice(x, start, [.. x.Shape.With(axis, count)]);
    }

    /// <summary>An image [N, C, D1, …] with its channels last.</summary>
    public Tensor ChannelsLast(Tensor x) => x.Shape.Rank < 3 ? x : Transpose(x, [0, .. Enumerable.Range(2, x.Shape.Rank - 2), 1]);

    /// <summary>The inverse of <see cref="ChannelsLast"/>.</summary>
    public Tensor ChannelsFirst(Tensor x) =>
        x.Shape.Rank < 3 ? x : Transpose(x, [0, x.Shape.Rank - 1, .. Enumerable.Range(1, x.Shape.Rank - 2)]);

    public static UnsupportedNodeException Unsupported(string reason, string advice) => new(reason, advice);

    private string Name => Node.Proto.Output.FirstOrDefault(name => name.Length > 0) ?? Node.Type;

    private Tensor[] Add(Operator op, ReadOnlySpan<TensorType> types, params ReadOnlySpan<Tensor?> operands)
    {
        var outputs = new Tensor[types.Length];
        for (int i = 0; i < outputs.Length; i++)
        {
            if (types[i].Shape.ElementCount > int.MaxValue / types[i].Type.ByteSize())
                RequireSize(types[i].Shape);
            outputs[i] = new Tensor(builder.MakeName($"{Name}/{op.Name}"), types[i].Type, types[i].Shape);
        }
        Node node = new(op, [.. operands], [.. outputs], Source);
        if (Fold(node) is { } values)
            return [.. values.Select((value, i) => new Tensor(outputs[i].Name, value, MovedQuantization.Of(node)))];
        OperandTypes.Require(node);
        foreach (Tensor output in outputs)
            RequireSize(output.Shape);
        builder.AddNode(node);
        Bounds.Follow(node);
        return outputs;
    }

    /// <summary>Refuses what no device could hold, before anything of that size is allocated.</summary>
    public static void RequireSize(Shape shape)
    {
        if (shape.ElementCount > LargestTensor)
            throw Unsupported($"A value {shape} of {shape.ElementCount} elements is too large; up to {LargestTensor} are possible.",
                "Use smaller sizes, or cut the input into parts.");
    }

    private TensorData[]? Fold(Node node)
    {
        foreach (Tensor? input in node.Inputs)
            if (input is { IsConstant: false })
                return null;
        try
        {
            return ConstantEvaluator.TryEvaluate(node, budget);
        }
        catch (InvalidOperationException e)
        {
            throw Unsupported($"Its constant operands cannot be computed with: {PlainReason.Of(e)}.", "Check the exported model.");
        }
    }
}

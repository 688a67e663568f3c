using EthosU.Graphs;
using EthosU.Interpreter;

namespace EthosU.Import;

/// <summary>
/// The graph under construction, as the importers of operators see it: what they add becomes nodes named after the source's operator.
/// What has constant operands only is computed at once.
/// </summary>
/// <param name="builder">Takes the nodes.</param>
/// <param name="budget">What may be spent on computing constants.</param>
/// <param name="frontEnd">The words of findings.</param>
public class GraphEmitter(GraphBuilder builder, FoldingBudget budget, FrontEnd frontEnd)
{
    private const int MaxConcatenated = 10; // TensorFlow Lite Micro takes no more at once (tflite-format 11.2)
    private const int LargestList = 1 << 22;
    private const int LargestTensor = 1 << 23; // elements; an RGB image of 1920 x 1080 has 6 million
    private readonly OperandTypes types = new(frontEnd.TypeAdvice);

    /// <summary>The operator being imported.</summary>
    public SourceOperator At { get; set; } = SourceOperator.None;

    /// <summary>The words of findings.</summary>
    public FrontEnd FrontEnd { get; } = frontEnd;

    /// <summary>Between which numbers values lie.</summary>
    public ValueBounds Bounds { get; } = new();

    /// <summary>What the user should know beside.</summary>
    public List<Finding> Findings { get; } = [];

    /// <summary>The elements of a tensor that must be constant.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="what">What it is to the operator, for the message.</param>
    /// <exception cref="UnsupportedOperatorException">It is not.</exception>
    public TensorData Constant(Tensor tensor, string what) => tensor.Data
        ?? throw new UnsupportedOperatorException(
            $"The {what} of this {At.Type} ('{tensor.Name}') depends on the data that flow through the network.", FrontEnd.ConstantAdvice);

    /// <summary>A constant.</summary>
    /// <param name="data">Its elements.</param>
    /// <param name="suffix">The end of its name.</param>
    public Tensor Constant(TensorData data, string suffix = "const") => builder.AddConstant($"{Name}/{suffix}", data);

    /// <summary>A constant vector of integers.</summary>
    public Tensor Integers(params ReadOnlySpan<int> values) => Constant(TensorData.Vector(values), "ints");

    /// <summary>A constant real number.</summary>
    public Tensor Scalar(float value) => Constant(TensorData.Scalar(value));

    /// <summary>A constant integer.</summary>
    public Tensor Scalar(int value) => Constant(TensorData.Scalar(value));

    /// <summary>Refuses lists of numbers that would be made for a size that stands in the file, but has no data behind it.</summary>
    /// <exception cref="UnsupportedOperatorException">There are too many.</exception>
    public int Listed(long elements) => elements is >= 0 and <= LargestList
        ? (int)elements
        : throw new UnsupportedOperatorException($"This {At.Type} would need a table of {elements} numbers.", "Use smaller sizes.");

    /// <summary>Adds an operator with one result.</summary>
    /// <exception cref="UnsupportedOperatorException">Its operands do not suit it.</exception>
    public Tensor Emit(Operator op, params ReadOnlySpan<Tensor?> operands) => EmitMany(op, 1, operands)[0];

    /// <summary>Adds an operator with several results.</summary>
    /// <exception cref="UnsupportedOperatorException">Its operands do not suit it.</exception>
    public Tensor[] EmitMany(Operator op, int count, params ReadOnlySpan<Tensor?> operands)
    {
        TensorType[] results;
        try
        {
            results = [.. ShapeInference.Infer(op, [.. operands], count)];
        }
        catch (InvalidGraphException e)
        {
            throw new UnsupportedOperatorException($"Its shapes or options do not fit together ({e.Message}).", FrontEnd.ShapeAdvice);
        }
        return AddNode(op, results, operands);
    }

    /// <summary>Adds a conversion to another element type.</summary>
    public Tensor Cast(Tensor x, ElementType type) => x.Type == type ? x : AddNode(new Cast(), [new(type, x.Shape)], x)[0];

    /// <summary>The same elements in another shape.</summary>
    public Tensor Reshape(Tensor x, Shape shape) => x.Shape == shape ? x : Emit(new Reshape(), x, Integers([.. shape]));

    /// <summary>The axes in another order: axis i of the result is axis <c>permutation[i]</c>.</summary>
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

    /// <summary>The sum.</summary>
    public Tensor Add(Tensor a, Tensor b) => Binary(BinaryKind.Add, a, b);

    /// <summary>The difference.</summary>
    public Tensor Sub(Tensor a, Tensor b) => Binary(BinaryKind.Sub, a, b);

    /// <summary>The product, element by element.</summary>
    public Tensor Mul(Tensor a, Tensor b) => Binary(BinaryKind.Mul, a, b);

    /// <summary>An operator of one operand.</summary>
    public Tensor Unary(UnaryKind kind, Tensor x) => Emit(new Unary(kind), x);

    /// <summary>A reduction along axes; without axes the tensor itself.</summary>
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

    /// <summary>A tensor cut along an axis into parts of the given sizes.</summary>
    public Tensor[] Split(Tensor x, int axis, int[] sizes) => sizes.Length == 1 ? [x]
        : sizes.Distinct().Count() == 1 ? EmitMany(new Split(), sizes.Length, Scalar(axis), x)
        : EmitMany(new SplitV(), sizes.Length, x, Integers(sizes), Scalar(axis));

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

    /// <summary>A signal [N, C, L] as the image [N, C, 1, L].</summary>
    public Tensor Lifted(Tensor x) => Reshape(x, [x.Shape[0], x.Shape[1], 1, x.Shape[2]]);

    /// <summary>The inverse of <see cref="Lifted"/>.</summary>
    public Tensor Lowered(Tensor x) => Reshape(x, [x.Shape[0], x.Shape[1], x.Shape[3]]);

    /// <summary>Applies an operator of the last axis to another axis.</summary>
    public Tensor OnLastAxis(Tensor x, int axis, Func<Tensor, Tensor> apply)
    {
        int last = x.Shape.Rank - 1;
        if (axis == last)
            return apply(x);
        int[] forth = [.. Enumerable.Range(0, last + 1).Where(a => a != axis), axis];
        int[] back = [.. Enumerable.Range(0, last + 1).Select(a => Array.IndexOf(forth, a))];
        return Transpose(apply(Transpose(x, forth)), back);
    }

    /// <summary>Refuses what no device could hold, before anything of that size is allocated.</summary>
    /// <exception cref="UnsupportedOperatorException">The shape has too many elements.</exception>
    public static void RequireSize(Shape shape)
    {
        if (shape.ElementCount > LargestTensor)
            throw new UnsupportedOperatorException(
                $"A value {shape} of {shape.ElementCount} elements is too large; up to {LargestTensor} are possible.",
                "Use smaller sizes, or cut the input into parts.");
    }

    private string Name => At.ValueName;

    private Tensor[] AddNode(Operator op, ReadOnlySpan<TensorType> results, params ReadOnlySpan<Tensor?> operands)
    {
        var outputs = new Tensor[results.Length];
        for (int i = 0; i < outputs.Length; i++)
        {
            if (results[i].Shape.ElementCount > int.MaxValue / results[i].Type.ByteSize())
                RequireSize(results[i].Shape);
            outputs[i] = new Tensor(builder.MakeName($"{Name}/{op.Name}"), results[i].Type, results[i].Shape);
        }
        Node node = new(op, [.. operands], [.. outputs], At.Source);
        if (Fold(node) is { } values)
            return [.. values.Select((value, i) => new Tensor(outputs[i].Name, value, MovedQuantization.Of(node)))];
        types.Require(node);
        foreach (Tensor output in outputs)
            RequireSize(output.Shape);
        builder.AddNode(node);
        Bounds.Follow(node);
        return outputs;
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
            throw new UnsupportedOperatorException($"Its constant operands cannot be computed with: {PlainReason.Of(e)}.",
                "Check the exported model.");
        }
    }
}

using EthosU.Graphs;
using EthosU.Interpreter;

namespace EthosU.Npu.Rewrites;

/// <summary>Operators of which each element depends on one element of each operand, and their results for all values of 8 bits.</summary>
internal static class OneValueOperators
{
    /// <summary>How many values of 8 bits there are.</summary>
    public const int Values = 256;

    private const int LargestUniform = 1 << 16; // elements of a constant that are looked at

    /// <summary>True if each element of the result follows from the elements in its place.</summary>
    public static bool Contains(Operator op) => IsView(op) || op switch
    {
        Unary { Kind: var kind } => kind != UnaryKind.LogSoftmax,
        Binary { Kind: BinaryKind.Atan2 } => false, // its bits are the machine's
        Binary or Compare or Select or SelectV2 or LeakyRelu or PRelu or Gelu or AddN or FakeQuant or Cast or Quantize or Dequantize =>
            true,
        _ => false,
    };

    /// <summary>True for operators that only name their operand otherwise.</summary>
    public static bool IsView(Operator op) => op is Reshape or Squeeze or ExpandDims;

    /// <summary>
    /// True if the NPU has an operation for it between integers, no worse than a table.
    /// </summary>
    public static bool HasOwnForm(Node node) => node.Inputs.Concat(node.Outputs).All(static tensor => tensor is null || IsStored(tensor))
        && node.Operator switch
        {
            Binary { Kind: BinaryKind.Add or BinaryKind.Sub or BinaryKind.Mul or BinaryKind.Maximum or BinaryKind.Minimum
                or BinaryKind.SquaredDifference } => true,
            Unary { Kind: UnaryKind.Relu or UnaryKind.Relu6 or UnaryKind.ReluN1To1 or UnaryKind.Relu0To1 or UnaryKind.Logistic
                or UnaryKind.Tanh or UnaryKind.HardSwish or UnaryKind.Abs or UnaryKind.Exp or UnaryKind.Log or UnaryKind.Rsqrt } => true,
            LeakyRelu or PRelu or Gelu or Quantize => true,
            _ => false,
        };

    /// <summary>True for integers that stand for reals by one scale.</summary>
    public static bool IsStored(Tensor tensor) => tensor.Type is ElementType.Int8 or ElementType.Int16
        && tensor.Quantization is { IsPerAxis: false } quantization && float.IsNormal(quantization.Scale) && quantization.Scale > 0
        && quantization.ZeroPoints[0] is var zero && zero >= tensor.Type.IntegerRange().Min && zero <= tensor.Type.IntegerRange().Max;

    /// <summary>True for types that may occur on the way.</summary>
    public static bool IsInner(Tensor tensor) => IsStored(tensor)
        || tensor.Type is ElementType.Float32 or ElementType.Bool or ElementType.Int32 or ElementType.Int64;

    /// <summary>A constant of one number, however often it stands there, as one; null for others.</summary>
    public static Tensor? Number(Tensor constant)
    {
        if (constant.Data is not { } data || !data.Type.HasFixedSize() || data.Count is 0 or > LargestUniform || !IsInner(constant))
            return null;
        int size = (int)(data.Bytes.Length / data.Count);
        ReadOnlySpan<byte> bytes = data.Bytes.Span, first = bytes[..size];
        for (int start = size; start < bytes.Length; start += size)
            if (!bytes.Slice(start, size).SequenceEqual(first))
                return null;
        return new(constant.Name, new TensorData(data.Type, [1], first.ToArray()), constant.Quantization);
    }

    /// <summary>Every value of a tensor of int8.</summary>
    public static Tensor AllOf(Tensor tensor) =>
        new(tensor.Name, TensorData.From<sbyte>([Values], [.. Enumerable.Range(sbyte.MinValue, Values).Select(static i => (sbyte)i)]),
            tensor.Quantization);

    /// <summary>The results of a node for the values of its operands; null if no kernel gives them.</summary>
    /// <param name="node">The node.</param>
    /// <param name="operands">Its operands as constants of <see cref="Values"/> elements or one.</param>
    public static Tensor? Evaluate(Node node, Tensor?[] operands)
    {
        Tensor result = new(node.Output.Name, node.Output.Type, [Values], node.Output.Quantization);
        Operator op = node.Operator is Select ? new SelectV2() : node.Operator;
        return ConstantEvaluator.TryEvaluate(new Node(op, [.. operands], [result], node.Source)) is [var data, ..]
            ? new(result.Name, data, result.Quantization) : null;
    }
}

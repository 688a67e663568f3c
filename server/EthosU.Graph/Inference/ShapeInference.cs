using System.Collections.Immutable;

namespace EthosU.Graphs;

/// <summary>Shapes and element types of operators' results (tflite-format 6 and 6.2).</summary>
public static class ShapeInference
{
    /// <summary>True if the results can be inferred; false where only the file or the run knows them.</summary>
    public static bool CanInfer(Operator op) => op is not (Custom or OtherBuiltin or If or While or CallOnce or VarHandle
        or ReadVariable or AssignVariable or Where or Bitcast);

    /// <summary>The results of an operator.</summary>
    /// <param name="op">The operator.</param>
    /// <param name="inputs">Its operands; null for an optional one left out.</param>
    /// <param name="outputCount">How many results it is to have (SPLIT, UNPACK); otherwise checked.</param>
    /// <exception cref="InvalidGraphException">The operands do not suit the operator, or the results cannot be inferred.</exception>
    public static ImmutableArray<TensorType> Infer(Operator op, ImmutableArray<Tensor?> inputs, int outputCount = 1)
    {
        Operands operands = new(op, inputs);
        try
        {
            ImmutableArray<TensorType> result = Dispatch(op, operands, outputCount);
            if (result.Length != outputCount)
                throw operands.Error($"it has {result.Length} results, not {outputCount}");
            foreach (TensorType type in result)
                _ = type.Shape.ElementCount;
            return result;
        }
        catch (Exception e) when (e is ArithmeticException or ArgumentException or InvalidOperationException or IndexOutOfRangeException)
        {
            throw new InvalidGraphException($"{op.Name}: {PlainReason.Of(e)}", e);
        }
    }

    private static ImmutableArray<TensorType> Dispatch(Operator op, Operands x, int outputCount) => op switch
    {
        Conv2D or DepthwiseConv2D or TransposeConv or Pool2D => [WindowShapes.Infer(op, x)],
        FullyConnected or BatchMatMul => [MatrixShapes.Infer(op, x)],
        Binary or Compare or Unary or LeakyRelu or PRelu or Gelu or Softmax or L2Normalization
            or LocalResponseNormalization or AddN or Select or SelectV2 or FakeQuant => [ElementwiseShapes.Infer(op, x)],
        Reduce or ArgReduce or CumSum => [ReductionShapes.Infer(op, x)],
        TopK => ReductionShapes.InferTopK(x),
        Split or SplitV or Unpack => SplitShapes.Infer(op, x, outputCount),
        UnidirectionalSequenceLstm or Svdf => [RecurrentShapes.Infer(op, x)],
        Cast => throw x.Error("the result's type is not part of the operator; make the node with its output tensor"),
        Quantize or Dequantize or TableLookup =>
            throw x.Error("the result's type is not part of the operator; make the node with its output tensor"),
        Gather or GatherNd or ScatterNd or EmbeddingLookup or OneHot or Fill or NumberRange or ShapeOf or Rank
            or DynamicUpdateSlice or BroadcastArgs => [IndexShapes.Infer(op, x)],
        Custom or OtherBuiltin or If or While or CallOnce or VarHandle or ReadVariable or AssignVariable or Where or Bitcast =>
            throw x.Error("the results' shapes cannot be inferred"),
        _ => [MovementShapes.Infer(op, x)],
    };
}

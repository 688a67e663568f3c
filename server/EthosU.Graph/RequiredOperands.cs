namespace EthosU.Graphs;

/// <summary>How many operands an operator cannot do without (tflite-format 6).</summary>
internal static class RequiredOperands
{
    /// <summary>The first so many operands must be there.</summary>
    public static int Count(Operator op) => op switch
    {
        Custom or OtherBuiltin or VarHandle or CallOnce => 0,
        OneHot or StridedSlice => 4,
        TransposeConv or PadV2 or Slice or ScatterNd or NumberRange or SplitV or Select or SelectV2 or DynamicUpdateSlice
            or SpaceToBatchNd or BatchToSpaceNd or Svdf => 3,
        Conv2D or DepthwiseConv2D or FullyConnected or BatchMatMul or Binary or Compare or PRelu or Reduce or ArgReduce or CumSum or TopK
            or Gather or GatherNd or EmbeddingLookup or Fill or BroadcastTo or BroadcastArgs or Tile or Transpose or Pad or MirrorPad
            or Split or Resize or ReverseV2 or ReverseSequence or ExpandDims or AssignVariable => 2,
        _ => 1,
    };
}

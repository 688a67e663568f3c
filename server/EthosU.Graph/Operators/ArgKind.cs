namespace EthosU.Graphs;

/// <summary>The operators of <see cref="ArgReduce"/>; the numbers are TensorFlow Lite's.</summary>
public enum ArgKind
{
    /// <summary>Of the largest.</summary>
    Max = BuiltinCode.ArgMax,
    /// <summary>Of the smallest.</summary>
    Min = BuiltinCode.ArgMin,
}

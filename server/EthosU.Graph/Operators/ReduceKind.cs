namespace EthosU.Graphs;

/// <summary>The operators of <see cref="Reduce"/>; the numbers are TensorFlow Lite's.</summary>
public enum ReduceKind
{
    /// <summary>Mean.</summary>
    Mean = BuiltinCode.Mean,
    /// <summary>Sum.</summary>
    Sum = BuiltinCode.Sum,
    /// <summary>Product.</summary>
    Product = BuiltinCode.ReduceProd,
    /// <summary>Largest.</summary>
    Max = BuiltinCode.ReduceMax,
    /// <summary>Smallest.</summary>
    Min = BuiltinCode.ReduceMin,
    /// <summary>Any true (bool).</summary>
    Any = BuiltinCode.ReduceAny,
    /// <summary>All true (bool).</summary>
    All = BuiltinCode.ReduceAll,
}

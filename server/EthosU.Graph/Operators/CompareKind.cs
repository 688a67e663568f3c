namespace EthosU.Graphs;

/// <summary>The operators of <see cref="Compare"/>; the numbers are TensorFlow Lite's.</summary>
public enum CompareKind
{
    /// <summary>a &lt; b.</summary>
    Less = BuiltinCode.Less,
    /// <summary>a &gt; b.</summary>
    Greater = BuiltinCode.Greater,
    /// <summary>a ≥ b.</summary>
    GreaterEqual = BuiltinCode.GreaterEqual,
    /// <summary>a ≤ b.</summary>
    LessEqual = BuiltinCode.LessEqual,
    /// <summary>a = b.</summary>
    Equal = BuiltinCode.Equal,
    /// <summary>a ≠ b.</summary>
    NotEqual = BuiltinCode.NotEqual,
}

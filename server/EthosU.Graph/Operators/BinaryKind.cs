namespace EthosU.Graphs;

/// <summary>The operators of <see cref="Binary"/>; the numbers are TensorFlow Lite's.</summary>
public enum BinaryKind
{
    /// <summary>a + b.</summary>
    Add = BuiltinCode.Add,
    /// <summary>a − b.</summary>
    Sub = BuiltinCode.Sub,
    /// <summary>a × b.</summary>
    Mul = BuiltinCode.Mul,
    /// <summary>a / b.</summary>
    Div = BuiltinCode.Div,
    /// <summary>The larger.</summary>
    Maximum = BuiltinCode.Maximum,
    /// <summary>The smaller.</summary>
    Minimum = BuiltinCode.Minimum,
    /// <summary>(a − b)².</summary>
    SquaredDifference = BuiltinCode.SquaredDifference,
    /// <summary>⌊a / b⌋.</summary>
    FloorDiv = BuiltinCode.FloorDiv,
    /// <summary>a − b ⌊a / b⌋.</summary>
    FloorMod = BuiltinCode.FloorMod,
    /// <summary>a to the power b.</summary>
    Pow = BuiltinCode.Pow,
    /// <summary>Both (bool).</summary>
    LogicalAnd = BuiltinCode.LogicalAnd,
    /// <summary>Either (bool).</summary>
    LogicalOr = BuiltinCode.LogicalOr,
    /// <summary>Angle of (b, a).</summary>
    Atan2 = BuiltinCode.Atan2,
    /// <summary>Exclusive or of the bits.</summary>
    BitwiseXor = BuiltinCode.BitwiseXor,
    /// <summary>a shifted right by b.</summary>
    RightShift = BuiltinCode.RightShift,
}

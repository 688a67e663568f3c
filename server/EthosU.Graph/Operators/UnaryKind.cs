namespace EthosU.Graphs;

/// <summary>The operators of <see cref="Unary"/>; the numbers are TensorFlow Lite's.</summary>
public enum UnaryKind
{
    /// <summary>max(x, 0).</summary>
    Relu = BuiltinCode.Relu,
    /// <summary>Clamp to [0, 6].</summary>
    Relu6 = BuiltinCode.Relu6,
    /// <summary>Clamp to [−1, 1].</summary>
    ReluN1To1 = BuiltinCode.ReluN1To1,
    /// <summary>Clamp to [0, 1].</summary>
    Relu0To1 = BuiltinCode.Relu0To1,
    /// <summary>1 / (1 + e^−x).</summary>
    Logistic = BuiltinCode.Logistic,
    /// <summary>Hyperbolic tangent.</summary>
    Tanh = BuiltinCode.Tanh,
    /// <summary>x for x ≥ 0, e^x − 1 below.</summary>
    Elu = BuiltinCode.Elu,
    /// <summary>x × clamp(x + 3, 0, 6) / 6.</summary>
    HardSwish = BuiltinCode.HardSwish,
    /// <summary>Absolute value.</summary>
    Abs = BuiltinCode.Abs,
    /// <summary>e^x.</summary>
    Exp = BuiltinCode.Exp,
    /// <summary>Natural logarithm.</summary>
    Log = BuiltinCode.Log,
    /// <summary>Square root.</summary>
    Sqrt = BuiltinCode.Sqrt,
    /// <summary>1 / √x.</summary>
    Rsqrt = BuiltinCode.Rsqrt,
    /// <summary>x².</summary>
    Square = BuiltinCode.Square,
    /// <summary>−x.</summary>
    Neg = BuiltinCode.Neg,
    /// <summary>Sine.</summary>
    Sin = BuiltinCode.Sin,
    /// <summary>Cosine.</summary>
    Cos = BuiltinCode.Cos,
    /// <summary>Round down.</summary>
    Floor = BuiltinCode.Floor,
    /// <summary>Round up.</summary>
    Ceil = BuiltinCode.Ceil,
    /// <summary>Round to nearest, ties to even.</summary>
    Round = BuiltinCode.Round,
    /// <summary>Not (bool).</summary>
    LogicalNot = BuiltinCode.LogicalNot,
    /// <summary>−1, 0 or 1.</summary>
    Sign = BuiltinCode.Sign,
    /// <summary>Zeros of the same shape.</summary>
    ZerosLike = BuiltinCode.ZerosLike,
    /// <summary>Logarithm of softmax over the last axis.</summary>
    LogSoftmax = BuiltinCode.LogSoftmax,
}

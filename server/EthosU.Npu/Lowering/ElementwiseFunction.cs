namespace EthosU.Npu.Lowering;

/// <summary>Functions of elementwise operations; the numbers are the hardware's (npu-commands, section 7.6.1).</summary>
internal enum ElementwiseFunction
{
    /// <summary>A × B.</summary>
    Mul = 0,

    /// <summary>A + B.</summary>
    Add = 1,

    /// <summary>A − B.</summary>
    Sub = 2,

    /// <summary>The smaller.</summary>
    Min = 3,

    /// <summary>The larger.</summary>
    Max = 4,

    /// <summary>x, scaled where negative.</summary>
    LeakyRelu = 5,

    /// <summary>Absolute value.</summary>
    Abs = 6,

    /// <summary>Leading zero bits.</summary>
    CountLeadingZeros = 7,

    /// <summary>A shifted right by B, rounded.</summary>
    ShiftRight = 8,

    /// <summary>A shifted left by B.</summary>
    ShiftLeft = 9,
}

/// <summary>Properties of functions.</summary>
internal static class ElementwiseFunctions
{
    /// <summary>True for functions of two operands.</summary>
    public static bool IsBinary(this ElementwiseFunction function) =>
        function is not (ElementwiseFunction.LeakyRelu or ElementwiseFunction.Abs or ElementwiseFunction.CountLeadingZeros);

    /// <summary>True for functions whose result is scaled by <see cref="NpuOp.OfmScale"/>.</summary>
    public static bool IsScaled(this ElementwiseFunction function) => function
        is ElementwiseFunction.Mul or ElementwiseFunction.Add or ElementwiseFunction.Sub or ElementwiseFunction.LeakyRelu or ElementwiseFunction.Abs;
}

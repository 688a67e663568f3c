namespace EthosU.Npu.Operations;

/// <summary>Properties of elementwise functions.</summary>
internal static class ElementwiseModes
{
    /// <summary>True for functions of two operands.</summary>
    public static bool IsBinary(this ElementwiseMode mode) => ElementwiseOperation.IsBinaryMode(mode);

    /// <summary>True for functions whose result is scaled by <see cref="NpuOp.OfmScale"/>.</summary>
    public static bool IsScaled(this ElementwiseMode mode) =>
        mode is ElementwiseMode.Mul or ElementwiseMode.Add or ElementwiseMode.Sub or ElementwiseMode.LeakyRelu or ElementwiseMode.Abs;
}

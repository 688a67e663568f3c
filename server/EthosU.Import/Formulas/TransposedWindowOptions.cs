namespace EthosU.Import.Formulas;

/// <summary>How the windows of a transposed convolution lie over its result, as a model says it.</summary>
/// <param name="Window">
/// Strides, dilations and padding, which is cut off; the size of the kernel where it is said beside the weights.
/// </param>
public sealed record TransposedWindowOptions(WindowOptions Window)
{
    /// <summary>How much longer the result is behind, a number for each spatial axis; null for 0.</summary>
    public int[]? OutputPadding { get; init; }

    /// <summary>The size of the result where it decides the padding, a number for each spatial axis; null where it does not.</summary>
    public int[]? OutputSize { get; init; }
}

namespace EthosU.Npu.Operations;

/// <summary>Scaling of an input (npu-u85 4.2).</summary>
/// <param name="Scale">The scale.</param>
/// <param name="Rounding">Its rounding.</param>
/// <param name="DoubleRound">Bits by which the first of two roundings comes before bit 31.</param>
public readonly record struct InputScale(FixedPointScale Scale, NpuRounding Rounding, int DoubleRound)
{
    /// <summary>No scaling.</summary>
    public static InputScale Unit { get; } = new(FixedPointScale.One, NpuRounding.TfLite, 0);
}

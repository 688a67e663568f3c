namespace EthosU.Npu.Lowering;

/// <summary>Rounding of scaled results; the numbers are the hardware's (npu-operators, section 3.2).</summary>
internal enum Rounding
{
    /// <summary>In two steps, as TensorFlow Lite's multiplication by a quantized multiplier.</summary>
    Double = 0,

    /// <summary>Once, halves up.</summary>
    Natural = 2,
}

namespace EthosU.Arithmetic;

/// <summary>SOFTMAX of 16 bits by tables (tflite-kernels 3.6).</summary>
public static class WideSoftmax
{
    private static readonly AffineQuantization Results = new(2f / 65535, 0);

    /// <summary>e to the power of −10..0, in units of 2/65535.</summary>
    public static short[] Exp { get; } = RealTable.Wide(new(10f / 65535, 32767), Results, Elementary.Exp);

    /// <summary>1 / (1 + x) for x of 0..1, in units of 2/65535.</summary>
    public static short[] Inverse { get; } = RealTable.Wide(new(1f / 65535, -32768), Results, static v => 1 / (1 + v));

    /// <summary>The factor from distances to inputs of <see cref="Exp"/>.</summary>
    public static double InputFactor(float scale, float beta) => (double)scale * beta / (10.0 / 65535);
}

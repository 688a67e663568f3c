namespace EthosU.Npu.Commands;

/// <summary>Multiplication by Multiplier / 2^Shift.</summary>
/// <param name="Multiplier">Unsigned.</param>
/// <param name="Shift">0 to 63.</param>
public readonly record struct FixedPointScale(uint Multiplier, int Shift)
{
    /// <summary>Multiplication by 1.</summary>
    public static FixedPointScale One => new(1, 0);
}

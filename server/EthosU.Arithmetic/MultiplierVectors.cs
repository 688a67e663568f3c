using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace EthosU.Arithmetic;

/// <summary><see cref="Multiplier.Apply"/> in eight lanes, each with a multiplier of its own.</summary>
public sealed class MultiplierVectors
{
    private readonly int[] values, left, right, masks, halves;

    /// <summary>Lays multipliers side by side.</summary>
    /// <param name="multipliers">By place.</param>
    public MultiplierVectors(ReadOnlySpan<Multiplier> multipliers)
    {
        (values, left) = (new int[multipliers.Length], new int[multipliers.Length]);
        (right, masks, halves) = (new int[multipliers.Length], new int[multipliers.Length], new int[multipliers.Length]);
        for (int i = 0; i < multipliers.Length; i++)
        {
            values[i] = multipliers[i].Value;
            left[i] = Math.Max(multipliers[i].Shift, 0);
            right[i] = Math.Max(-multipliers[i].Shift, 0);
            masks[i] = (int)((1L << right[i]) - 1);
            halves[i] = masks[i] >> 1;
        }
    }

    /// <summary>Scales eight numbers by the multipliers from <paramref name="place"/> on; for processors with AVX2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<int> Apply(Vector256<int> x, int place)
    {
        Vector256<int> shifted = Avx2.ShiftLeftLogicalVariable(x, Load(left, place).AsUInt32());
        Vector256<int> high = FixedPointVectors.MultiplyHigh(shifted, Load(values, place));
        return FixedPointVectors.DivideByPowerOfTwo(high, Load(right, place), Load(masks, place), Load(halves, place));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<int> Load(int[] array, int place) =>
        Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(array.AsSpan(place, Vector256<int>.Count)));
}

using System.Buffers.Binary;
using EthosU.Npu.Commands;

namespace EthosU.Npu.Weights;

/// <summary>Bias and scale of an output channel (npu-weights 4.1).</summary>
/// <param name="Bias">From -2^39 to 2^39 - 1.</param>
/// <param name="Scale">Factor of the sum and the bias.</param>
internal readonly record struct ScaleRecord(long Bias, FixedPointScale Scale)
{
    /// <summary>Bytes of a record.</summary>
    public const int ByteCount = 10;

    /// <summary>Largest bias; the smallest is one less than its negative.</summary>
    public const long MaxBias = (1L << 39) - 1;

    /// <summary>Writes the record.</summary>
    /// <exception cref="OverflowException">Bias or shift do not fit their fields.</exception>
    public void Write(Span<byte> destination)
    {
        if (Bias is < -MaxBias - 1 or > MaxBias)
            throw new OverflowException($"a bias of {Bias} does not fit in 40 bits");
        if (Scale.Shift is < 0 or > 63)
            throw new OverflowException($"a shift of {Scale.Shift} does not fit in 6 bits");
        BinaryPrimitives.WriteUInt32LittleEndian(destination, (uint)Bias);
        destination[4] = (byte)(Bias >> 32);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[5..], Scale.Multiplier);
        destination[9] = (byte)Scale.Shift;
    }
}

using EthosU.Graphs;

namespace EthosU.Import;

/// <summary>The integers that quantized values are stored as.</summary>
/// <param name="Low">The smallest.</param>
/// <param name="High">The largest.</param>
/// <param name="Type">The type that holds them.</param>
public sealed record StoredIntegers(int Low, int High, ElementType Type)
{
    /// <summary>True if int8 holds them when 128 is taken off only.</summary>
    public bool IsShifted => High > sbyte.MaxValue;

    /// <summary>True for 8 bits, more or less: what a network's values are quantized to by default.</summary>
    public bool IsEightBit => Low >= sbyte.MinValue && High <= byte.MaxValue && High - Low is > 64 and < 256;
}

using System.Collections.Immutable;

namespace EthosU.Npu.Commands;

/// <summary>
/// A group of bits of a command's value. The value of a one-word command is its 16-bit parameter; that of a two-word command is the 32-bit
/// payload with the parameter above it, in bits 47:32.
/// </summary>
/// <param name="Name">Stable name in listings, in lower case with underscores.</param>
/// <param name="Low">Lowest bit.</param>
/// <param name="Bits">Number of bits.</param>
/// <param name="Kind">How the bits are read.</param>
public sealed record CommandField(string Name, int Low, int Bits, CommandFieldKind Kind = CommandFieldKind.Unsigned)
{
    /// <summary>The names of a <see cref="CommandFieldKind.Choice"/>: value and name.</summary>
    public ImmutableArray<(int Value, string Name)> Choices { get; init; } = [];

    /// <summary>The bits that the field covers.</summary>
    public ulong Mask => ((1UL << Bits) - 1) << Low;

    /// <summary>The field's number in a command's value.</summary>
    public long Read(ulong value)
    {
        long raw = (long)((value & Mask) >> Low);
        return Kind switch
        {
            CommandFieldKind.MinusOne => raw + 1,
            CommandFieldKind.Signed or CommandFieldKind.TypeDependent or CommandFieldKind.Stride => raw << (64 - Bits) >> (64 - Bits),
            _ => raw,
        };
    }

    /// <summary>A command's value with this field set and all other bits kept.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number does not fit the field.</exception>
    public ulong Write(ulong value, long number)
    {
        long raw = Kind == CommandFieldKind.MinusOne ? number - 1 : number;
        (long min, long max) = Kind switch
        {
            CommandFieldKind.Signed or CommandFieldKind.Stride => (-(1L << (Bits - 1)), (1L << (Bits - 1)) - 1),
            CommandFieldKind.TypeDependent => (-(1L << (Bits - 1)), (1L << Bits) - 1),
            _ => (0L, (1L << Bits) - 1),
        };
        if (raw < min || raw > max)
            throw new ArgumentOutOfRangeException(nameof(number), number, $"{Name} has {Bits} bits");
        return (value & ~Mask) | (((ulong)raw << Low) & Mask);
    }

    /// <summary>The number as text: a choice's name, otherwise decimal.</summary>
    public string Describe(ulong value)
    {
        long number = Read(value);
        foreach ((int choice, string name) in Choices)
            if (choice == number)
                return name;
        return number.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }
}

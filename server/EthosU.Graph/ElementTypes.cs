namespace EthosU.Graphs;

/// <summary>Facts about <see cref="ElementType"/>.</summary>
public static class ElementTypes
{
    /// <summary>Bytes that <paramref name="count"/> elements take, packed as in a TensorFlow Lite buffer.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The type has no fixed size (text, resources, variants).</exception>
    public static long ByteCount(this ElementType type, long count) => type switch
    {
        ElementType.Int4 => (count + 1) / 2,
        _ => checked(count * type.ByteSize()),
    };

    /// <summary>Bytes per element; 4-bit values count as unpacked, one byte each.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The type has no fixed size (text, resources, variants).</exception>
    public static int ByteSize(this ElementType type) => type switch
    {
        ElementType.UInt8 or ElementType.Int8 or ElementType.Bool or ElementType.Int4 => 1,
        ElementType.Float16 or ElementType.BFloat16 or ElementType.Int16 or ElementType.UInt16 => 2,
        ElementType.Float32 or ElementType.Int32 or ElementType.UInt32 => 4,
        ElementType.Float64 or ElementType.Int64 or ElementType.UInt64 or ElementType.Complex64 => 8,
        ElementType.Complex128 => 16,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "elements of this type have no fixed size"),
    };

    /// <summary>True if elements take a fixed number of bytes.</summary>
    public static bool HasFixedSize(this ElementType type) =>
        type is not (ElementType.String or ElementType.Resource or ElementType.Variant);

    /// <summary>True for binary floating point types.</summary>
    public static bool IsFloat(this ElementType type) =>
        type is ElementType.Float32 or ElementType.Float16 or ElementType.Float64 or ElementType.BFloat16;

    /// <summary>True for the types that carry quantized activations or weights.</summary>
    public static bool IsQuantizable(this ElementType type) =>
        type is ElementType.Int8 or ElementType.UInt8 or ElementType.Int16 or ElementType.Int4;

    /// <summary>The type's name in lower case, as in NumPy and in listings.</summary>
    public static string DisplayName(this ElementType type) => type.ToString().ToLowerInvariant();

    /// <summary>Smallest and largest value of an integer type of up to 32 bits.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not an integer type of up to 32 bits.</exception>
    public static (int Min, int Max) IntegerRange(this ElementType type) => type switch
    {
        ElementType.Int4 => (-8, 7),
        ElementType.Int8 => (sbyte.MinValue, sbyte.MaxValue),
        ElementType.UInt8 => (byte.MinValue, byte.MaxValue),
        ElementType.Int16 => (short.MinValue, short.MaxValue),
        ElementType.UInt16 => (ushort.MinValue, ushort.MaxValue),
        ElementType.Int32 => (int.MinValue, int.MaxValue),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "not an integer type of up to 32 bits"),
    };
}

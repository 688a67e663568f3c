using EthosU.Graphs;

namespace EthosU.Npy;

/// <summary>NumPy's names of element types.</summary>
internal static class NumpyTypes
{
    public static bool IsKnown(ElementType type) => Code(type) is not null;

    /// <summary>The <c>descr</c> of little-endian elements.</summary>
    public static string Descriptor(ElementType type) =>
        (type.ByteSize() == 1 ? "|" : "<")
        + (Code(type) ?? throw new ArgumentException($"NumPy files have no element type {type.DisplayName()}", nameof(type)));

    /// <summary>The type that a <c>descr</c> names and whether its elements are big-endian.</summary>
    public static bool TryParse(string descriptor, out ElementType type, out bool bigEndian)
    {
        bigEndian = descriptor.StartsWith('>');
        string code = descriptor.TrimStart('<', '>', '|', '=');
        foreach (ElementType candidate in Enum.GetValues<ElementType>())
        {
            type = candidate;
            if (descriptor.Length - code.Length <= 1 && Code(candidate) == code)
                return true;
        }
        type = default;
        return false;
    }

    private static string? Code(ElementType type) => type switch
    {
        ElementType.Bool => "b1",
        ElementType.Int8 => "i1",
        ElementType.Int16 => "i2",
        ElementType.Int32 => "i4",
        ElementType.Int64 => "i8",
        ElementType.UInt8 => "u1",
        ElementType.UInt16 => "u2",
        ElementType.UInt32 => "u4",
        ElementType.UInt64 => "u8",
        ElementType.Float16 => "f2",
        ElementType.Float32 => "f4",
        ElementType.Float64 => "f8",
        _ => null,
    };
}

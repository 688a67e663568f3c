using EthosU.Graphs;
using EthosU.Import;
using EthosU.Torch.Programs;

namespace EthosU.Torch.Import;

/// <summary>How types of elements are computed with: reals as float32, integers of 16 bits and more as int32.</summary>
internal static class ElementKinds
{
    /// <summary>The type that elements are computed in.</summary>
    /// <exception cref="UnsupportedOperatorException">There is none.</exception>
    public static ElementType Of(ScalarType type) => type switch
    {
        ScalarType.Float16 or ScalarType.Float32 or ScalarType.Float64 or ScalarType.BFloat16 or ScalarType.Float8E4M3
            or ScalarType.Float8E5M2 => ElementType.Float32,
        ScalarType.UInt8 => ElementType.UInt8,
        ScalarType.Int8 => ElementType.Int8,
        ScalarType.Int16 or ScalarType.UInt16 or ScalarType.Int32 or ScalarType.UInt32 or ScalarType.Int64 or ScalarType.UInt64 =>
            ElementType.Int32,
        ScalarType.Bool => ElementType.Bool,
        ScalarType.Complex32 or ScalarType.Complex64 or ScalarType.Complex128 =>
            throw new UnsupportedOperatorException("Complex tensors cannot be expressed.",
                "Compute with real and imaginary parts as two tensors, or do this part in the application."),
        _ => throw new UnsupportedOperatorException($"Elements of type {NameOf(type)} are not supported.",
            "Use float32, int64, int32, int8, uint8 or bool tensors."),
    };

    /// <summary>True for what torch calls floating point.</summary>
    public static bool IsReal(ScalarType type) => type is ScalarType.Float16 or ScalarType.Float32 or ScalarType.Float64
        or ScalarType.BFloat16 or ScalarType.Float8E4M3 or ScalarType.Float8E5M2;

    /// <summary>The type's name as torch spells it.</summary>
    public static string NameOf(ScalarType type) => type switch
    {
        ScalarType.Float8E4M3 => "float8_e4m3fn",
        ScalarType.Float8E5M2 => "float8_e5m2",
        ScalarType.Float8E4M3Fnuz => "float8_e4m3fnuz",
        ScalarType.Float8E5M2Fnuz => "float8_e5m2fnuz",
        ScalarType.Float8E8M0 => "float8_e8m0fnu",
        _ => type.ToString().ToLowerInvariant(),
    };
}

namespace EthosU.Graphs;

/// <summary>Element types of tensors. The numbers are those of TensorFlow Lite's <c>TensorType</c> (tflite-format 2).</summary>
public enum ElementType
{
    /// <summary>IEEE single precision.</summary>
    Float32 = 0,
    /// <summary>IEEE half precision.</summary>
    Float16 = 1,
    /// <summary>Signed 32-bit integer.</summary>
    Int32 = 2,
    /// <summary>Unsigned 8-bit integer.</summary>
    UInt8 = 3,
    /// <summary>Signed 64-bit integer.</summary>
    Int64 = 4,
    /// <summary>Text.</summary>
    String = 5,
    /// <summary>One byte, 0 or 1.</summary>
    Bool = 6,
    /// <summary>Signed 16-bit integer.</summary>
    Int16 = 7,
    /// <summary>Two IEEE singles.</summary>
    Complex64 = 8,
    /// <summary>Signed 8-bit integer.</summary>
    Int8 = 9,
    /// <summary>IEEE double precision.</summary>
    Float64 = 10,
    /// <summary>Two IEEE doubles.</summary>
    Complex128 = 11,
    /// <summary>Unsigned 64-bit integer.</summary>
    UInt64 = 12,
    /// <summary>A handle to a resource variable.</summary>
    Resource = 13,
    /// <summary>A value of a type known at run time only.</summary>
    Variant = 14,
    /// <summary>Unsigned 32-bit integer.</summary>
    UInt32 = 15,
    /// <summary>Unsigned 16-bit integer.</summary>
    UInt16 = 16,
    /// <summary>Signed 4-bit integer, two to a byte.</summary>
    Int4 = 17,
    /// <summary>Brain floating point, 16 bits.</summary>
    BFloat16 = 18,
}

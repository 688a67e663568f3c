namespace EthosU.Torch.Programs;

/// <summary>Types of elements, by their numbers in exported programs (pt2-format 2).</summary>
internal enum ScalarType
{
    Unknown = 0,
    UInt8 = 1,
    Int8 = 2,
    Int16 = 3,
    Int32 = 4,
    Int64 = 5,
    Float16 = 6,
    Float32 = 7,
    Float64 = 8,
    Complex32 = 9,
    Complex64 = 10,
    Complex128 = 11,
    Bool = 12,
    BFloat16 = 13,
    UInt16 = 28,
    Float8E4M3 = 29,
    Float8E5M2 = 30,
    Float8E4M3Fnuz = 31,
    Float8E5M2Fnuz = 32,
    Float8E8M0 = 33,
    UInt32 = 34,
    UInt64 = 35,
}

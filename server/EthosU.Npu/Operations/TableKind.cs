namespace EthosU.Npu.Operations;

/// <summary>Kinds of lookup tables, by index and value (npu-u85 4.4).</summary>
public enum TableKind
{
    /// <summary>No table.</summary>
    None = 0,

    /// <summary>uint8 to uint8.</summary>
    UInt8ToUInt8 = 1,

    /// <summary>int8 to int8.</summary>
    Int8ToInt8 = 4,

    /// <summary>int8 to int16.</summary>
    Int8ToInt16 = 5,

    /// <summary>int8 to int32.</summary>
    Int8ToInt32 = 7,

    /// <summary>int16 to int16, interpolated.</summary>
    Int16ToInt16 = 8,

    /// <summary>int16 to int32, interpolated.</summary>
    Int16ToInt32 = 9,

    /// <summary>Hyperbolic tangent of an input in units of 1/12288, interpolated.</summary>
    Tanh = 10,

    /// <summary>Logistic function of an input in units of 1/12288, interpolated.</summary>
    Sigmoid = 11,
}

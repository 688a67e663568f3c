namespace EthosU.Npu.Commands;

/// <summary>How the bits of a field are read.</summary>
public enum CommandFieldKind
{
    /// <summary>As an unsigned number.</summary>
    Unsigned,

    /// <summary>In two's complement.</summary>
    Signed,

    /// <summary>As the number less one: sizes.</summary>
    MinusOne,

    /// <summary>As 16 bits whose sign depends on another register (zero points, limits); shown signed.</summary>
    TypeDependent,

    /// <summary>As a byte offset in a region: 40 bits on U65, 32 bits on U55.</summary>
    Address,

    /// <summary>As a distance in bytes that may be negative: 40 bits on U65, 32 bits on U55.</summary>
    Stride,

    /// <summary>As one of a few named values.</summary>
    Choice,
}

using EthosU.Graphs;

namespace EthosU.Import;

/// <summary>How the integers of a quantized value stand for reals: real = scale × (stored − zero point).</summary>
/// <param name="Scale">One scale, or one for each slice or block along the axis.</param>
/// <param name="Zero">As many zero points; null for 0.</param>
/// <param name="Integers">The integers; null where their type is not known, or is none that saturates.</param>
/// <param name="Axis">The axis along which scales differ.</param>
/// <param name="BlockSize">So many neighbours along the axis share a scale; 0: a scale for each slice.</param>
public sealed record StoredForm(Tensor Scale, Tensor? Zero, StoredIntegers? Integers, int Axis = 1, int BlockSize = 0)
{
    /// <summary>The integers' type in the source's words.</summary>
    public string TypeName { get; init; } = Integers?.Type.DisplayName() ?? "";

    /// <summary>True if scales and zero points do not depend on the data.</summary>
    public bool IsConstant => Scale.IsConstant && Zero is null or { IsConstant: true };

    /// <summary>True for one scale and zero point.</summary>
    public bool IsPerTensor => Scale.Shape.ElementCount == 1 && Zero is null or { Shape.ElementCount: 1 };

    /// <summary>The scales of a constant form.</summary>
    public float[] Scales => Scale.Data!.ToFloatArray();

    /// <summary>The zero points of a constant form; null for 0.</summary>
    // Those of 8-bit floating-point numbers are 0.
    public long[]? Zeros => Zero?.Data!.Type == ElementType.Float32 ? null : Zero?.Data!.ToInt64Array();

    /// <summary>True if both mean the same reals by the same integers.</summary>
    public bool Means(StoredForm other)
    {
        if (Scale == other.Scale && Zero == other.Zero)
            return true;
        if (!IsConstant || !other.IsConstant || !Scales.AsSpan().SequenceEqual(other.Scales) || BlockSize != other.BlockSize)
            return false;
        long[] mine = Zeros ?? new long[Scales.Length], its = other.Zeros ?? new long[Scales.Length];
        return mine.AsSpan().SequenceEqual(its);
    }
}

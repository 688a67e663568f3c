using EthosU.Graphs;

namespace EthosU.Onnx;

/// <summary>How the integers of a quantized value stand for reals: real = scale × (stored − zero point).</summary>
/// <param name="Scale">One scale, or one for each slice or block along the axis.</param>
/// <param name="Zero">As many zero points; null for 0.</param>
/// <param name="OnnxType">Number of the integers' type in ONNX; 0 where the model does not say it.</param>
/// <param name="Axis">The axis along which scales differ.</param>
/// <param name="BlockSize">So many neighbours along the axis share a scale; 0: a scale for each slice.</param>
internal sealed record StoredForm(Tensor Scale, Tensor? Zero, int OnnxType, int Axis = 1, int BlockSize = 0)
{
    /// <summary>True if scales and zero points do not depend on the data.</summary>
    public bool IsConstant => Scale.IsConstant && Zero is null or { IsConstant: true };

    /// <summary>True for one scale and zero point.</summary>
    public bool IsPerTensor => Scale.Shape.ElementCount == 1 && Zero is null or { Shape.ElementCount: 1 };

    /// <summary>The scales of a constant form.</summary>
    public float[] Scales => Scale.Data!.ToFloatArray();

    /// <summary>The zero points of a constant form; null for 0.</summary>
    // Those of 8-bit floating-point numbers are 0.
    public long[]? Zeros => Zero?.Data!.Type == ElementType.Float32 ? null : Zero?.Data!.ToInt64Array();

    /// <summary>Smallest and largest integer; null where the type is not known or none that saturates.</summary>
    public (int Low, int High)? Integers => OnnxType switch
    {
        2 => (byte.MinValue, byte.MaxValue),
        3 => (sbyte.MinValue, sbyte.MaxValue),
        4 => (ushort.MinValue, ushort.MaxValue),
        5 => (short.MinValue, short.MaxValue),
        21 => (0, 15),
        22 => (-8, 7),
        25 => (0, 3),
        26 => (-2, 1),
        _ => null,
    };

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

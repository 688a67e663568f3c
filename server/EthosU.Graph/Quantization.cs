using System.Collections.Immutable;
using System.Globalization;

namespace EthosU.Graphs;

/// <summary>
/// Affine quantization: real = scale × (stored − zero point). One pair for the whole tensor, or one per slice along
/// <see cref="Axis"/>. Equal by value (scales by their bits).
/// </summary>
public sealed class Quantization : IEquatable<Quantization>
{
    private Quantization(ImmutableArray<float> scales, ImmutableArray<long> zeroPoints, int axis)
    {
        Scales = scales;
        ZeroPoints = zeroPoints;
        Axis = axis;
    }

    /// <summary>One scale and zero point for the whole tensor.</summary>
    public static Quantization PerTensor(float scale, long zeroPoint) => new([scale], [zeroPoint], 0);

    /// <summary>A scale and zero point for each slice along an axis; per axis even if there is only one slice.</summary>
    /// <exception cref="ArgumentException">The counts of scales and zero points differ, or there are none.</exception>
    public static Quantization PerAxis(ImmutableArray<float> scales, ImmutableArray<long> zeroPoints, int axis)
    {
        if (scales.IsDefaultOrEmpty || scales.Length != zeroPoints.Length)
            throw new ArgumentException("as many zero points as scales are needed, and at least one", nameof(zeroPoints));
        return new(scales, zeroPoints, axis);
    }

    /// <summary>Symmetric per-axis quantization: all zero points are 0.</summary>
    public static Quantization PerAxisSymmetric(ImmutableArray<float> scales, int axis) =>
        PerAxis(scales, [.. new long[scales.Length]], axis);

    /// <summary>The scales; one unless <see cref="IsPerAxis"/>.</summary>
    public ImmutableArray<float> Scales { get; }

    /// <summary>The zero points, as many as scales.</summary>
    public ImmutableArray<long> ZeroPoints { get; }

    /// <summary>The axis whose slices have their own scale; 0 if there is one scale only.</summary>
    public int Axis { get; }

    /// <summary>True if there is more than one scale.</summary>
    public bool IsPerAxis => Scales.Length > 1;

    /// <summary>The scale of a per-tensor quantization, or the first one.</summary>
    public float Scale => Scales[0];

    /// <summary>The zero point of a per-tensor quantization, or the first one.</summary>
    public int ZeroPoint => checked((int)ZeroPoints[0]);

    /// <summary>True for one scale and a zero point that int8 holds.</summary>
    public bool FitsInt8 => !IsPerAxis && ZeroPoints[0] is >= sbyte.MinValue and <= sbyte.MaxValue;

    /// <summary>The scale of slice <paramref name="index"/>; a single scale is that of every slice.</summary>
    public float ScaleAt(int index) => Scales.Length == 1 ? Scales[0] : Scales[index];

    /// <inheritdoc/>
    public bool Equals(Quantization? other) =>
        other is not null && (Axis == other.Axis || !IsPerAxis) && Scales.AsSpan().SequenceEqual(other.Scales.AsSpan())
        && ZeroPoints.AsSpan().SequenceEqual(other.ZeroPoints.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Quantization);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Scales.Length, Scales[0], ZeroPoints[0]);

    /// <summary>A short text: <c>s=0.0157 z=-128</c>, or the number of channels and their range of scales.</summary>
    public override string ToString() => IsPerAxis
        ? string.Create(CultureInfo.InvariantCulture, $"s=[{Scales.Min():G4}..{Scales.Max():G4}]x{Scales.Length}@{Axis}")
        : string.Create(CultureInfo.InvariantCulture, $"s={Scale:G6} z={ZeroPoints[0]}");
}

using System.Collections;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace EthosU.Graphs;

/// <summary>Sizes of a tensor's axes, outermost first, all known. A scalar has rank 0. Equal by value.</summary>
[CollectionBuilder(typeof(Shape), nameof(Create))]
public readonly struct Shape : IEquatable<Shape>, IReadOnlyList<int>
{
    private readonly ImmutableArray<int> sizes;

    /// <summary>A shape of the given sizes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A size is negative.</exception>
    public Shape(ImmutableArray<int> sizes)
    {
        foreach (int size in sizes)
            if (size < 0)
                throw new ArgumentOutOfRangeException(nameof(sizes), $"the size {size} is negative");
        this.sizes = sizes;
    }

    /// <summary>The shape of a scalar.</summary>
    public static Shape Scalar => default;

    /// <summary>Makes a shape of the given sizes; the target of collection expressions.</summary>
    public static Shape Create(ReadOnlySpan<int> sizes) => new([.. sizes]);

    /// <summary>The sizes, outermost first.</summary>
    public ImmutableArray<int> Sizes => sizes.IsDefault ? [] : sizes;

    /// <summary>Number of axes.</summary>
    public int Rank => sizes.IsDefault ? 0 : sizes.Length;

    /// <inheritdoc/>
    int IReadOnlyCollection<int>.Count => Rank;

    /// <summary>Number of elements; 1 for a scalar. Does not overflow unless it exceeds 63 bits, which throws.</summary>
    public long ElementCount
    {
        get
        {
            long count = 1;
            foreach (int size in Sizes)
                count = checked(count * size);
            return count;
        }
    }

    /// <summary>The size of an axis; negative axes count from the end.</summary>
    public int this[int axis] => Sizes[axis < 0 ? axis + Rank : axis];

    /// <summary>This shape with one size replaced; negative axes count from the end.</summary>
    public Shape With(int axis, int size) => new(Sizes.SetItem(axis < 0 ? axis + Rank : axis, size));

    /// <summary>This shape without the axis.</summary>
    public Shape Without(int axis) => new(Sizes.RemoveAt(axis < 0 ? axis + Rank : axis));

    /// <summary>The shape whose axis i is this one's axis <c>permutation[i]</c>.</summary>
    public Shape Permute(ReadOnlySpan<int> permutation)
    {
        var result = ImmutableArray.CreateBuilder<int>(Rank);
        foreach (int axis in permutation)
            result.Add(Sizes[axis]);
        return new(result.ToImmutable());
    }

    /// <summary>The axis counted from the front, whether it was given from the front or, negative, from the end.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
    public int NormalizeAxis(int axis)
    {
        int normalized = axis < 0 ? axis + Rank : axis;
        if ((uint)normalized >= (uint)Rank)
            throw new ArgumentOutOfRangeException(nameof(axis), axis, $"a tensor of shape {this} has no such axis");
        return normalized;
    }

    /// <summary>Distance in elements between neighbours along each axis, for a dense row-major tensor.</summary>
    public ImmutableArray<long> Strides()
    {
        var strides = new long[Rank];
        long stride = 1;
        for (int axis = Rank - 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride *= Sizes[axis];
        }
        return [.. strides];
    }

    /// <summary>The common shape of two operands by NumPy's broadcasting rules.</summary>
    /// <returns>False if the shapes do not broadcast.</returns>
    public static bool TryBroadcast(Shape first, Shape second, out Shape result)
    {
        int rank = Math.Max(first.Rank, second.Rank);
        var sizes = new int[rank];
        result = default;
        for (int i = 1; i <= rank; i++)
        {
            int a = i <= first.Rank ? first[first.Rank - i] : 1;
            int b = i <= second.Rank ? second[second.Rank - i] : 1;
            if (a != b && a != 1 && b != 1)
                return false;
            sizes[rank - i] = a == 1 ? b : a;
        }
        result = new([.. sizes]);
        return true;
    }

    /// <inheritdoc/>
    public bool Equals(Shape other) => Sizes.AsSpan().SequenceEqual(other.Sizes.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Shape other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        foreach (int size in Sizes)
            hash.Add(size);
        return hash.ToHashCode();
    }

    /// <summary>Equality by value.</summary>
    public static bool operator ==(Shape left, Shape right) => left.Equals(right);

    /// <summary>Inequality by value.</summary>
    public static bool operator !=(Shape left, Shape right) => !left.Equals(right);

    /// <summary>The sizes in brackets: <c>[1, 32, 32, 3]</c>.</summary>
    public override string ToString() => $"[{string.Join(", ", Sizes)}]";

    /// <inheritdoc/>
    public IEnumerator<int> GetEnumerator() => ((IEnumerable<int>)Sizes).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

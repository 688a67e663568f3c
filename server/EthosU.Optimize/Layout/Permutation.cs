using System.Collections.Immutable;
using EthosU.Graphs;

namespace EthosU.Optimize.Layout;

/// <summary>An order of axes, as TRANSPOSE takes it: axis i of the result is axis [i] of the operand. Equal by value.</summary>
internal readonly struct Permutation(ImmutableArray<int> axes) : IEquatable<Permutation>
{
    /// <summary>From [N, C, H, W] to [N, H, W, C].</summary>
    public static Permutation ToNhwc { get; } = new([0, 2, 3, 1]);

    public ImmutableArray<int> Axes => axes.IsDefault ? [] : axes;

    public int Rank => Axes.Length;

    public int this[int axis] => Axes[axis];

    public bool IsIdentity
    {
        get
        {
            for (int i = 0; i < Rank; i++)
                if (Axes[i] != i)
                    return false;
            return true;
        }
    }

    public static Permutation Identity(int rank) => new([.. Enumerable.Range(0, rank)]);

    /// <summary>The permutation of a TRANSPOSE with constant operand; null for other nodes.</summary>
    public static Permutation? Of(Node? node) =>
        node is { Operator: Transpose } && node.Inputs[1]?.Data is { } data ? new([.. data.ToInt32Array()]) : null;

    public Permutation Inverse()
    {
        var inverse = new int[Rank];
        for (int i = 0; i < Rank; i++)
            inverse[Axes[i]] = i;
        return new([.. inverse]);
    }

    /// <summary>This one first, then the other.</summary>
    public Permutation Then(Permutation next)
    {
        ImmutableArray<int> mine = Axes;
        return new([.. next.Axes.Select(axis => mine[axis])]);
    }

    /// <summary>Where an axis of the operand stands in the result.</summary>
    public int PositionOf(int axis) => Axes.IndexOf(axis);

    /// <summary>True if a tensor of this shape keeps its elements in their order: only axes of size 1 move.</summary>
    public bool KeepsOrder(Shape shape)
    {
        int last = -1;
        foreach (int axis in Axes)
        {
            if (shape[axis] == 1)
                continue;
            if (axis < last)
                return false;
            last = axis;
        }
        return true;
    }

    /// <summary>The permutation of the axes that are left when some disappear.</summary>
    public Permutation Without(IReadOnlySet<int> gone)
    {
        int[] rest = [.. Enumerable.Range(0, Rank).Where(axis => !gone.Contains(axis))];
        return new([.. Axes.Where(axis => !gone.Contains(axis)).Select(axis => Array.IndexOf(rest, axis))]);
    }

    /// <summary>The permutation of more axes whose <see cref="Without"/> is this one; the new axes keep their places as far as possible.</summary>
    public Permutation With(IReadOnlySet<int> added)
    {
        int rank = Rank + added.Count;
        int[] rest = [.. Enumerable.Range(0, rank).Where(axis => !added.Contains(axis))];
        Queue<int> order = new(Axes.Select(axis => rest[axis]));
        return new([.. Enumerable.Range(0, rank).Select(place => added.Contains(place) ? place : order.Dequeue())]);
    }

    public bool Equals(Permutation other) => Axes.AsSpan().SequenceEqual(other.Axes.AsSpan());

    public override bool Equals(object? obj) => obj is Permutation other && Equals(other);

    public override int GetHashCode()
    {
        int hash = Rank;
        foreach (int axis in Axes)
            hash = (hash * 31) + axis;
        return hash;
    }

    public static bool operator ==(Permutation left, Permutation right) => left.Equals(right);

    public static bool operator !=(Permutation left, Permutation right) => !left.Equals(right);

    public override string ToString() => $"({string.Join(", ", Axes)})";
}

using System.Collections.Immutable;
using EthosU.Graphs;

namespace EthosU.Optimize.Tensors;

/// <summary>
/// How the elements of a tensor are moved: first, along some axes, element i of the result is element order[i] of the operand
/// (GATHER by a permutation); then axis i of the result is axis [i] of the operand (TRANSPOSE). Equal by value.
/// </summary>
internal readonly struct Arrangement : IEquatable<Arrangement>
{
    private readonly ImmutableArray<int> axes;
    private readonly ImmutableArray<int[]?> orders; // by the operand's axes; default if there are none

    public Arrangement(ImmutableArray<int> axes)
        : this(axes, default)
    {
    }

    public Arrangement(ImmutableArray<int> axes, ImmutableArray<int[]?> orders)
    {
        this.axes = axes;
        if (!orders.IsDefault && orders.Any(order => !IsTrivial(order)))
            this.orders = [.. orders.Select(order => IsTrivial(order) ? null : order)];
    }

    /// <summary>From [N, C, H, W] to [N, H, W, C].</summary>
    public static Arrangement ToNhwc { get; } = new([0, 2, 3, 1]);

    public ImmutableArray<int> Axes => axes.IsDefault ? [] : axes;

    public int Rank => Axes.Length;

    public bool HasOrders => !orders.IsDefault;

    /// <summary>True if no axis moves.</summary>
    public bool KeepsAxes
    {
        get
        {
            for (int i = 0; i < Rank; i++)
                if (axes[i] != i)
                    return false;
            return true;
        }
    }

    public bool IsIdentity => !HasOrders && KeepsAxes;

    public int this[int axis] => axes[axis];

    public static Arrangement Identity(int rank) => new([.. Enumerable.Range(0, rank)]);

    /// <summary>The movement of a TRANSPOSE, or of a GATHER that takes each slice once, by constants; null for other nodes.</summary>
    public static Arrangement? Of(Node? node)
    {
        switch (node?.Operator)
        {
            case Transpose when node.Inputs[1]?.Data is { } data:
                return new([.. data.ToInt32Array()]);
            case Gather { BatchDims: 0 } gather when node.Inputs[1]?.Data is { Shape.Rank: 1 } data
                && node.Inputs[0] is { IsConstant: false } x:
            {
                int axis = x.Shape.NormalizeAxis(gather.Axis);
                int[] order = data.ToInt32Array();
                return order.Length == x.Shape[axis] && order.Order().SequenceEqual(Enumerable.Range(0, order.Length))
                    ? Identity(x.Shape.Rank).WithOrder(axis, order)
                    : null;
            }
            default:
                return null;
        }
    }

    /// <summary>The order of the elements along an axis of the operand; null if as they are.</summary>
    public int[]? OrderOf(int axis) => orders.IsDefault ? null : orders[axis];

    /// <summary>True if elements are put in another order along an axis other than the given one.</summary>
    public bool HasOrdersBeside(int axis)
    {
        for (int i = 0; i < Rank; i++)
            if (i != axis && OrderOf(i) is not null)
                return true;
        return false;
    }

    public Arrangement WithOrder(int axis, int[]? order) =>
        new(Axes, (orders.IsDefault ? [.. new int[]?[Rank]] : orders).SetItem(axis, order));

    /// <summary>Without the orders along axes of size 1, along which a broadcast operand has nothing to be put in order.</summary>
    public Arrangement For(Shape shape)
    {
        Arrangement result = this;
        for (int axis = 0; axis < Rank; axis++)
            if (OrderOf(axis) is not null && shape[axis] == 1)
                result = result.WithOrder(axis, null);
        return result;
    }

    public Arrangement Inverse()
    {
        var inverse = new int[Rank];
        var back = new int[]?[Rank];
        for (int i = 0; i < Rank; i++)
        {
            inverse[Axes[i]] = i;
            if (OrderOf(Axes[i]) is not { } order)
                continue;
            back[i] = new int[order.Length];
            for (int j = 0; j < order.Length; j++)
                back[i]![order[j]] = j;
        }
        return new([.. inverse], [.. back]);
    }

    /// <summary>This one first, then the other.</summary>
    public Arrangement Then(Arrangement next)
    {
        var both = new int[]?[Rank];
        for (int i = 0; i < Rank; i++)
        {
            int[]? first = OrderOf(Axes[i]), second = next.OrderOf(i);
            both[Axes[i]] = first is null ? second : second is null ? first : Array.ConvertAll(second, j => first[j]);
        }
        ImmutableArray<int> mine = Axes;
        return new([.. next.Axes.Select(axis => mine[axis])], [.. both]);
    }

    /// <summary>Where an axis of the operand stands in the result.</summary>
    public int PositionOf(int axis) => Axes.IndexOf(axis);

    public Shape Apply(Shape shape) => shape.Permute(Axes.AsSpan());

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
        return !HasOrders;
    }

    /// <summary>The arrangement of the axes that are left when some disappear.</summary>
    public Arrangement Without(IReadOnlySet<int> gone)
    {
        int[] rest = [.. Enumerable.Range(0, Rank).Where(axis => !gone.Contains(axis))];
        return new([.. Axes.Where(axis => !gone.Contains(axis)).Select(axis => Array.IndexOf(rest, axis))], [.. rest.Select(OrderOf)]);
    }

    /// <summary>
    /// The arrangement of more axes whose <see cref="Without"/> is this one; the new axes keep their places as far as possible.
    /// </summary>
    public Arrangement With(IReadOnlySet<int> added)
    {
        int rank = Rank + added.Count;
        int[] rest = [.. Enumerable.Range(0, rank).Where(axis => !added.Contains(axis))];
        Queue<int> order = new(Axes.Select(axis => rest[axis]));
        var all = new int[]?[rank];
        for (int i = 0; i < Rank; i++)
            all[rest[i]] = OrderOf(i);
        return new([.. Enumerable.Range(0, rank).Select(place => added.Contains(place) ? place : order.Dequeue())], [.. all]);
    }

    public bool Equals(Arrangement other)
    {
        if (!Axes.AsSpan().SequenceEqual(other.Axes.AsSpan()) || HasOrders != other.HasOrders)
            return false;
        for (int axis = 0; axis < Rank && HasOrders; axis++)
            if (!OrderOf(axis).AsSpan().SequenceEqual(other.OrderOf(axis)))
                return false;
        return true;
    }

    public override bool Equals(object? obj) => obj is Arrangement other && Equals(other);

    public override int GetHashCode()
    {
        int hash = Rank;
        foreach (int axis in Axes)
            hash = (hash * 31) + axis;
        return hash;
    }

    public static bool operator ==(Arrangement left, Arrangement right) => left.Equals(right);

    public static bool operator !=(Arrangement left, Arrangement right) => !left.Equals(right);

    public override string ToString() => $"({string.Join(", ", Axes)}){(HasOrders ? " with reordered elements" : "")}";

    private static bool IsTrivial(int[]? order)
    {
        for (int i = 0; i < (order?.Length ?? 0); i++)
            if (order![i] != i)
                return false;
        return true;
    }
}

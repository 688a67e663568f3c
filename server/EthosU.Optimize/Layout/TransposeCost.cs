using EthosU.Graphs;
using EthosU.Optimize.Tensors;

namespace EthosU.Optimize.Layout;

/// <summary>
/// What transpositions cost, compared in this order: how many move elements, how many elements, how many others there are.
/// </summary>
internal readonly record struct TransposeCost(int Moves, long Elements, int Free) : IComparable<TransposeCost>
{
    public static TransposeCost Of(Shape shape, Arrangement axes) =>
        axes.IsIdentity ? default : axes.KeepsOrder(shape) ? new(0, 0, 1) : Moved(shape, axes);

    private static TransposeCost Moved(Shape shape, Arrangement axes)
    {
        int moves = Enumerable.Range(0, axes.Rank)
            .Count(axis => axes.OrderOf(axis) is not null) + (new Arrangement(axes.Axes).KeepsOrder(shape) ? 0 : 1);
        return new(moves, moves * shape.ElementCount, 0);
    }

    public static TransposeCost operator +(TransposeCost a, TransposeCost b) =>
        new(a.Moves + b.Moves, a.Elements + b.Elements, a.Free + b.Free);

    public static bool operator <(TransposeCost a, TransposeCost b) => a.CompareTo(b) < 0;

    public static bool operator >(TransposeCost a, TransposeCost b) => a.CompareTo(b) > 0;

    public int CompareTo(TransposeCost other) => (Moves, Elements, Free).CompareTo((other.Moves, other.Elements, other.Free));
}

using EthosU.Graphs;

namespace EthosU.Optimize.Layout;

/// <summary>What transpositions cost, compared in this order: how many move elements, how many elements, how many others there are.</summary>
internal readonly record struct TransposeCost(int Moves, long Elements, int Free) : IComparable<TransposeCost>
{
    public static TransposeCost Of(Shape shape, Permutation axes) =>
        axes.IsIdentity ? default : axes.KeepsOrder(shape) ? new(0, 0, 1) : new(1, shape.ElementCount, 0);

    public static TransposeCost operator +(TransposeCost a, TransposeCost b) => new(a.Moves + b.Moves, a.Elements + b.Elements, a.Free + b.Free);

    public static bool operator <(TransposeCost a, TransposeCost b) => a.CompareTo(b) < 0;

    public static bool operator >(TransposeCost a, TransposeCost b) => a.CompareTo(b) > 0;

    public int CompareTo(TransposeCost other) => (Moves, Elements, Free).CompareTo((other.Moves, other.Elements, other.Free));
}

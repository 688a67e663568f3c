using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Import;
using EthosU.Import.Formulas;

namespace EthosU.Torch.Import;

/// <summary>What leads from a tensor to a view of it, and back where the view is changed.</summary>
internal abstract record ViewStep
{
    /// <summary>The view of a tensor.</summary>
    public abstract Tensor Of(GraphEmitter g, Tensor x);

    /// <summary>The tensor with the elements of its view changed.</summary>
    public abstract Tensor Put(GraphEmitter g, Tensor x, Tensor part);

    /// <summary>The same elements in another shape.</summary>
    public sealed record Reshaped(Shape Shape) : ViewStep
    {
        public override Tensor Of(GraphEmitter g, Tensor x) => g.Reshape(x, Shape);

        public override Tensor Put(GraphEmitter g, Tensor x, Tensor part) => g.Reshape(part, x.Shape);
    }

    /// <summary>The axes in another order.</summary>
    public sealed record Permuted(ImmutableArray<int> Order) : ViewStep
    {
        public override Tensor Of(GraphEmitter g, Tensor x) => g.Transpose(x, [.. Order]);

        public override Tensor Put(GraphEmitter g, Tensor x, Tensor part) =>
            g.Transpose(part, [.. Enumerable.Range(0, Order.Length).Select(axis => Order.IndexOf(axis))]);
    }

    /// <summary>Elements along an axis, every so many.</summary>
    public sealed record Part(int Axis, int Start, int Count, int Step) : ViewStep
    {
        public override Tensor Of(GraphEmitter g, Tensor x) =>
            Slicing.Of(g, x, [Axis], [Start], [Count == 0 ? Start : Start + ((Count - 1) * Step) + 1], [Step]);

        public override Tensor Put(GraphEmitter g, Tensor x, Tensor part) => Replacing.Slices(g, x, part, Axis, Start, Step);
    }

    /// <summary>Elements repeated along axes.</summary>
    public sealed record Expanded(Shape Shape) : ViewStep
    {
        public override Tensor Of(GraphEmitter g, Tensor x) => Movement.Expand(g, x, Shape);

        public override Tensor Put(GraphEmitter g, Tensor x, Tensor part) =>
            throw new UnsupportedOperatorException("It changes a tensor that is expanded: several of its elements are one.",
                "Clone the tensor before it is changed in place.");
    }

    /// <summary>Elements at constant places of the flat tensor.</summary>
    public sealed record Picked(Shape Shape, ImmutableArray<int> Places) : ViewStep
    {
        public override Tensor Of(GraphEmitter g, Tensor x) =>
            g.Reshape(g.Emit(new Gather(0), g.Reshape(x, [checked((int)x.Shape.ElementCount)]), g.Integers(Places.AsSpan())), Shape);

        public override Tensor Put(GraphEmitter g, Tensor x, Tensor part) => Replacing.At(g, x, part, Places.AsSpan());
    }
}

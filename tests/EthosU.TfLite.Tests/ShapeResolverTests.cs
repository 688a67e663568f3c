using EthosU.Graphs;
using Xunit;

namespace EthosU.TfLite.Tests;

/// <summary>Shapes of models with an unknown batch, on graphs as Keras' converter writes them.</summary>
public sealed class ShapeResolverTests
{
    private static Tensor Integers(string name, params int[] values) => new(name, TensorData.Vector<int>(values));

    private static Tensor Open(string name, Shape shape, ElementType type = ElementType.Int8, params int[] axes) =>
        new(name, type, shape) { OpenAxes = [.. axes] };

    /// <summary>SHAPE, STRIDED_SLICE and PACK give the shape of a RESHAPE.</summary>
    private static Graph Chain(bool batchFirst)
    {
        Tensor x = Open("x", [1, 4, 4, 2], axes: batchFirst ? [0] : [0, 1, 2]), shape = new("shape", ElementType.Int32, [4]),
            batch = new("batch", ElementType.Int32, Shape.Scalar);
        Tensor packed = new("packed", ElementType.Int32, [2]), y = Open("y", [1, 1], axes: [0, 1]);
        return new("chain",
        [
            new(new ShapeOf(ElementType.Int32), [x], [shape]),
            new(new StridedSlice(0, 0, 0, 0, 1), [shape, Integers("begin", 0), Integers("end", 1), Integers("step", 1)], [batch]),
            new(new Pack(0), [batch, Integers1()], [packed]),
            new(new Reshape(), [x, packed], [y]),
        ], [x], [y]);

        static Tensor Integers1() => new("rest", TensorData.Scalar(-1));
    }

    [Fact]
    public void AChainOfShapeOperatorsBecomesAConstant()
    {
        (Graph graph, _) = ShapeResolver.Resolve(Chain(batchFirst: true));
        Node reshape = Assert.Single(graph.Nodes);
        Assert.Equal([1, -1], reshape.Constant(1).ToInt32Array());
        Assert.Equal([1, 32], reshape.Output.Shape);
        Assert.Empty(reshape.Output.OpenAxes);
        graph.Verify();
    }

    [Fact]
    public void SizesThatAreGivenCount()
    {
        (Graph graph, _) = ShapeResolver.Resolve(Chain(batchFirst: false), [new Shape([3, 6, 4, 2])]);
        Assert.Equal([3, 48], Assert.Single(graph.Nodes).Output.Shape);
        Assert.Equal([3, 6, 4, 2], Assert.Single(graph.Inputs).Shape);
        Assert.Throws<InvalidGraphException>(() => ShapeResolver.Resolve(Chain(batchFirst: false), [new Shape([3, 6, 4, 5])]));
    }

    [Fact]
    public void WhatFollowsFromDataStaysOpen()
    {
        Tensor x = new("x", ElementType.Bool, [4]), indices = Open("indices", [1, 1], ElementType.Int64, 0),
            shape = new("shape", ElementType.Int32, [2]);
        Graph graph = new("data",
            [new(new Where(), [x], [indices]), new(new ShapeOf(ElementType.Int32), [indices], [shape]),
                new(new Unary(UnaryKind.Neg), [shape], [new("y", ElementType.Int32, [2])])],
            [x], [indices]);
        (Graph resolved, _) = ShapeResolver.Resolve(graph);
        Assert.Equal(3, resolved.Nodes.Length);
        Assert.Equal([0], resolved.Outputs[0].OpenAxes);
    }

    [Fact]
    public void FoldingHasABudget()
    {
        Tensor x = new("x", ElementType.Int8, [1, 2]), shape = new("shape", ElementType.Int32, [2]),
            y = new("y", ElementType.Int32, [30000, 30000]), z = new("z", ElementType.Int32, [30000, 30000]);
        Tensor dims = new("dims", ElementType.Int32, [2]);
        Graph graph = new("large",
        [
            new(new ShapeOf(ElementType.Int32), [x], [shape]),
            new(new Binary(BinaryKind.Mul), [shape, Integers("many", 30000, 15000)], [dims]),
            new(new Fill(), [dims, new Tensor("one", TensorData.Scalar(1))], [y]), new(new Unary(UnaryKind.Neg), [y], [z]),
        ], [x], [z]);
        Assert.Equal(2, ShapeResolver.Resolve(graph).Graph.Nodes.Length);
    }
}

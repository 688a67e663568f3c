using EthosU.Graphs;
using Xunit;

namespace EthosU.Import.Tests;

/// <summary>What is added is named after the source, computed at once where it can be, refused in the front end's words.</summary>
public sealed class GraphEmitterTests
{
    [Fact]
    public void Nodes_are_named_after_the_source_and_say_where_they_come_from()
    {
        FormulaGraph f = new();
        Graph graph = f.Build(f.Emitter.Add(f.Input(2), f.Emitter.Unary(UnaryKind.Abs, f.Input(2))));
        Assert.Equal(["value/ABS", "value/ADD"], graph.Nodes.Select(static node => node.Output.Name));
        Assert.All(graph.Nodes, static node => Assert.Equal("node", node.Source.NodeName));
    }

    [Fact]
    public void What_has_constant_operands_is_computed_at_once()
    {
        FormulaGraph f = new();
        Assert.Equal([5, 7], f.Emitter.Add(f.Emitter.Integers(2, 3), f.Emitter.Integers(3, 4)).Data!.ToInt32Array());
    }

    [Fact]
    public void Many_tensors_are_joined_in_groups()
    {
        FormulaGraph f = new();
        Tensor[] parts = [.. Enumerable.Range(0, 23).Select(_ => f.Input(1, 2))];
        Tensor joined = f.Emitter.Concat(0, parts);
        Assert.Equal([23, 2], joined.Shape);
        Assert.All(f.Build(joined).Nodes, static node => Assert.InRange(node.Inputs.Length, 1, 10));
    }

    [Theory]
    [InlineData("5", 1)]
    [InlineData("2,3", 2)]
    [InlineData("1,2,2", 3)]
    public void Parts_make_up_the_whole(string sizes, int count)
    {
        FormulaGraph f = new();
        int[] parts = [.. sizes.Split(',').Select(int.Parse)];
        Tensor x = f.Input(2, 5);
        Tensor[] cut = f.Emitter.Split(x, 1, parts);
        Assert.Equal(count, cut.Length);
        f.Gives(f.Of(x), f.Emitter.Concat(1, cut));
    }

    [Fact]
    public void Refusals_speak_the_front_ends_words()
    {
        FormulaGraph f = new();
        Tensor x = f.Input(2, 3);
        Assert.Equal("make it constant", Refusal(() => f.Emitter.Constant(x, "size")).Advice);
        Assert.Equal("check the shapes", Refusal(() => f.Emitter.Add(x, f.Input(4))).Advice);
        Assert.Equal("use real numbers", Refusal(() => f.Emitter.Unary(UnaryKind.Exp, f.Emitter.Cast(x, ElementType.Int32))).Advice);
        Assert.Contains("table of", Refusal(() => f.Emitter.Listed(1L << 40)).Message, StringComparison.Ordinal);
        Finding finding = f.Emitter.At.Refused("test-unsupported", Refusal(() => f.Emitter.Constant(x, "size")));
        Assert.Equal("error test-unsupported: test.operator node: The size of this test.operator ('input0') depends on the data that flow "
            + "through the network. make it constant", finding.ToString());
    }

    private static UnsupportedOperatorException Refusal(Action action) => Assert.Throws<UnsupportedOperatorException>(action);
}

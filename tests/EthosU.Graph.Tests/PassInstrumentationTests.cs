using Xunit;

namespace EthosU.Graphs.Tests;

public sealed class PassInstrumentationTests
{
    private readonly List<string> lines = [];

    private static Graph Named(string name)
    {
        GraphBuilder builder = new();
        builder.AddOutput(builder.Add(new Unary(UnaryKind.Relu), name, Source.None, builder.AddInput("x", ElementType.Float32, [1, 4])));
        return builder.Build();
    }

    /// <summary>A graph in which a node's result has another shape than its operator gives.</summary>
    private static Graph Broken()
    {
        Tensor x = new("x", ElementType.Float32, [1, 4]), y = new("y", ElementType.Float32, [1, 5]);
        return new("broken", [new(new Unary(UnaryKind.Relu), [x], [y], Source.None)], [x], [y]);
    }

    private PassInstrumentation Parse(string text) => PassInstrumentation.Parse(text, lines.Add)!;

    [Fact]
    public void Print_shows_the_graph_after_each_pass_that_changed_it()
    {
        Graph before = Named("y"), after = Named("z");
        PassInstrumentation passes = Parse("print");
        Assert.Same(before, passes.Run("first", before, static graph => graph));
        Assert.Same(after, passes.Run("second", before, _ => after));
        passes.Show("schedule", static () => "an operation\n");
        Assert.Equal(["pass 1 first: no change", "pass 2 second: changed", GraphListing.Write(after).TrimEnd('\n'),
            "stage schedule\nan operation"], lines);
    }

    [Fact]
    public void Verify_names_the_pass_that_broke_the_graph()
    {
        PassInstrumentation passes = Parse("verify");
        Graph sound = passes.Run("first", Named("y"), static graph => graph);
        InvalidGraphException thrown =
            Assert.Throws<InvalidGraphException>(() => passes.Run("second", sound, static _ => Broken()));
        Assert.Contains("after second", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bisect_leaves_out_what_comes_behind_but_for_what_is_relied_on()
    {
        Graph before = Named("y"), after = Named("z");
        PassInstrumentation passes = Parse("bisect:1");
        Assert.Same(after, passes.Run("first", before, _ => after));
        Assert.Same(before, passes.Run("second", before, _ => after));
        Assert.Same(after, passes.Run("third", before, _ => after, canBeLeftOut: false));
        Assert.Equal(["pass 1 first: changed", "pass 2 second: left out", "pass 3 third: changed, cannot be left out"], lines);
    }

    [Theory]
    [InlineData("")]
    [InlineData("bisect")]
    [InlineData("bisect:")]
    [InlineData("bisect:-1")]
    [InlineData("Print")]
    public void Other_words_are_none_of_the_forms(string text) => Assert.Null(PassInstrumentation.Parse(text, lines.Add));
}

using EthosU.Graphs;
using EthosU.Onnx.Proto;
using Xunit;

namespace EthosU.Onnx.Tests;

/// <summary>What operators mean in which operator set.</summary>
public sealed class OperatorSetTests
{
    /// <summary>The first version in which the answer is another one.</summary>
    private static readonly (string Question, long Since, Func<OperatorSet, object> Ask, object Before, object After)[] Changes =
    [
        ("LpPool's p", 2, static set => set.HasRealNorm, true, false), ("Concat's axis", 4, static set => set.ConcatAxis, 1, 0),
        ("Tile's operands", 6, static set => set.TilesOneAxis, true, false),
        ("Scan's batch", 9, static set => set.ScansBatches, true, false),
        ("Resize's operands", 11, static set => set.ResizesByScales, true, false),
        ("Softmax's axes", 13, static set => set.NormalizesRest, true, false),
        ("Softmax's axis", 13, static set => set.NormalizedAxis, 1, -1),
        ("Split's outputs", 18, static set => set.DeclaresParts, false, true), ("DFT's axis", 20, static set => set.TransformedAxis, 1, -2),
    ];

    public static TheoryData<string> Questions => [.. Changes.Select(static change => change.Question)];

    [Theory]
    [MemberData(nameof(Questions))]
    public void Answers_change_once(string question)
    {
        (_, long since, Func<OperatorSet, object> ask, object before, object after) =
            Changes.Single(change => change.Question == question);
        for (long version = 1; version <= 28; version++)
            Assert.Equal(version < since ? before : after, ask(new(version)));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(28, true)]
    [InlineData(29, false)]
    public void Known_versions(long version, bool isKnown) => Assert.Equal(isKnown, new OperatorSet(version).IsKnown);

    [Fact]
    public void The_set_of_onnx_itself_is_taken()
    {
        OperatorSetIdProto other = new() { Domain = "com.microsoft", Version = 1 }, own = new() { Domain = "ai.onnx", Version = 17 };
        Assert.Equal(17, OperatorSet.Of([other, own]).Version);
        Assert.Equal(1, OperatorSet.Of([other]).Version);
    }

    /// <summary>The same node over [2, 3, 4] means rows of 12 and rows of 4.</summary>
    [Theory]
    [InlineData(11, 12)]
    [InlineData(13, 4)]
    public void A_softmax_follows_its_operator_set(int opset, int row)
    {
        Graph graph = new TestModel(opset).Input("x", 2, 3, 4).Node("Softmax", "x", "y").Output("y").EqualsOnnxRuntime();
        Assert.Equal(row, graph.Nodes.Single(static node => node.Operator is Softmax).Input(0).Shape[-1]);
    }
}

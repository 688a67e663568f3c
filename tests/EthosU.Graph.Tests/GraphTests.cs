using Xunit;

namespace EthosU.Graphs.Tests;

public sealed class GraphTests
{
    private static Graph Small()
    {
        GraphBuilder builder = new("small");
        Tensor x = builder.AddInput("x", ElementType.Float32, [1, 8, 8, 3]);
        Tensor w = builder.AddConstant("w", TensorData.From<float>([4, 3, 3, 3], new float[108]));
        Tensor y = builder
            .Add(new Conv2D(Padding.Same, 2, 2, Activation: FusedActivation.Relu), "y", new Source { NodeName = "conv1" }, x, w, null);
        Tensor z = builder.Add(new Reshape(), "z", Source.None, y, builder.AddIntegers("shape", 1, -1));
        builder.AddOutput(builder.Add(new Softmax(), "p", Source.None, z));
        return builder.Build();
    }

    [Fact]
    public void ListingShowsOneLinePerNode()
    {
        const string Window = "padding=Same, strideHeight=2, strideWidth=2, dilationHeight=1, dilationWidth=1";
        Assert.Equal($$"""
            input %x float32[1, 8, 8, 3]
            %y float32[1, 4, 4, 4] = CONV_2D(%x, const %w float32[4, 3, 3, 3], -) {{{Window}}, activation=Relu}  # conv1
            %z float32[1, 64] = RESHAPE(%y, [1, -1])
            %p float32[1, 64] = SOFTMAX(%z) {beta=1}
            output %p

            """, GraphListing.Write(Small()), ignoreLineEndingDifferences: true);
    }

    [Fact]
    public void SoundGraphVerifies() => Small().Verify();

    [Fact]
    public void PatchReordersNodesByTheirOperands()
    {
        Graph graph = Small();
        Node conv = graph.Nodes[0], reshape = graph.Nodes[1];
        GraphPatch patch = new(graph);
        Tensor clipped = new(patch.MakeName("y"), conv.Output.Type, conv.Output.Shape);
        patch.Replace(reshape, reshape.WithInputs([clipped, reshape.Inputs[1]]),
            new Node(new Unary(UnaryKind.Relu6), [conv.Output], [clipped]));
        Graph changed = patch.Apply();
        changed.Verify();
        Assert.Equal(["CONV_2D", "RELU6", "RESHAPE", "SOFTMAX"], changed.Nodes.Select(n => n.Operator.Name));
        Assert.Equal("y_1", clipped.Name);
    }

    [Fact]
    public void RedirectReachesOutputsOfTheGraph()
    {
        Graph graph = Small();
        GraphPatch patch = new(graph);
        patch.Redirect(graph.Outputs[0], graph.Nodes[1].Output);
        Assert.Equal("z", patch.Apply().Outputs[0].Name);
    }

    [Fact]
    public void CycleIsRefused()
    {
        Tensor a = new("a", ElementType.Float32, [1]), b = new("b", ElementType.Float32, [1]);
        Node first = new(new Unary(UnaryKind.Relu), [b], [a]), second = new(new Unary(UnaryKind.Relu), [a], [b]);
        Assert.Contains("cycle", Assert.Throws<InvalidGraphException>(() => TopologicalOrder.Sort([first, second])).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void WrongShapeIsFound()
    {
        Tensor x = new("x", ElementType.Float32, [1, 4]), y = new("y", ElementType.Float32, [1, 5]);
        Graph graph = new("", [new Node(new Unary(UnaryKind.Tanh), [x], [y])], [x], [y]);
        string message = Assert.Throws<InvalidGraphException>(() => graph.Verify("a pass")).Message;
        Assert.Contains("after a pass", message, StringComparison.Ordinal);
        Assert.Contains("[1, 5]", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(32, 3, 1, 1, 1, true)]
    [InlineData(32, 3, 2, 1, 1, false)]
    [InlineData(33, 3, 2, 1, 1, true)]
    [InlineData(224, 7, 2, 1, 3, false)]
    [InlineData(32, 3, 1, 2, 2, true)]
    public void SymmetricPaddingIsSameWhereTheSpecificationSaysSo(int input, int filter, int stride, int dilation, int pad, bool same)
    {
        int output = ((input + (2 * pad) - WindowGeometry.EffectiveSize(filter, dilation)) / stride) + 1;
        Assert.Equal(same, WindowGeometry.IsSame(input, output, filter, stride, dilation, pad));
    }

    [Fact]
    public void StridedSliceResolvesMasks()
    {
        var geometry = StridedSliceGeometry
            .Resolve(new StridedSlice(BeginMask: 1, ShrinkAxisMask: 2, NewAxisMask: 4), [6, 5, 4], [0, -1, 0, 3], [-1, 0, 0, -9],
            [2, 1, 1, -1]);
        Assert.Equal([3, 1, 4], geometry.OutputShape);
        Assert.Equal([0, 4, 3], geometry.Begin);
    }

    [Fact]
    public void Int4Unpacks() =>
        Assert.Equal([-8, 7, -1], new TensorData(ElementType.Int4, [3], new byte[] { 0x78, 0x0F }).ToInt64Array());
}

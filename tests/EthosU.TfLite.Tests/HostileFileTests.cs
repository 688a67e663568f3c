using EthosU.Graphs;
using EthosU.Testing;
using Xunit;

namespace EthosU.TfLite.Tests;

/// <summary>Files made to harm end in a graph or a described error, soon and without much memory.</summary>
public sealed class HostileFileTests
{
    private static bool Full => Environment.GetEnvironmentVariable("ETHOSU_FULL_TESTS") == "1";

    private static Graph Leaf()
    {
        GraphBuilder builder = new("leaf");
        Tensor x = builder.AddInput("x", ElementType.Float32, [1, 4]);
        builder.AddOutput(builder.Add(new Unary(UnaryKind.Relu), "y", Source.None, x));
        return builder.Build();
    }

    private static Graph Choosing(Graph then, Graph otherwise, int times)
    {
        GraphBuilder builder = new("choosing");
        Tensor x = builder.AddInput("x", ElementType.Float32, [1, 4]), condition = builder.AddConstant("c", TensorData.Scalar(true));
        for (int i = 0; i < times; i++)
        {
            Tensor y = new($"y{i}", ElementType.Float32, [1, 4]);
            builder.AddNode(new Node(new If(then, otherwise), [condition, x], [y]));
            x = y;
        }
        builder.AddOutput(x);
        return builder.Build();
    }

    [Fact]
    public void SubgraphsSurviveAndAreReadOnce()
    {
        Graph inner = Leaf();
        for (int level = 0; level < 12; level++)
            inner = Choosing(inner, inner, 8); // 16 to the power of 12 if each use were read anew
        byte[] bytes = TfLiteWriter.Write(inner);
        Graph read = TfLiteReader.Read(bytes, "deep.tflite");
        Assert.Equal(bytes, TfLiteWriter.Write(read));
        If first = Assert.IsType<If>(read.Nodes[0].Operator);
        Assert.Same(first.Then, first.Else);
    }

    [Fact]
    public void LoopsAndConditionsRoundTrip()
    {
        GraphBuilder test = new("test");
        Tensor i = test.AddInput("i", ElementType.Int32, Shape.Scalar);
        test.AddOutput(test.Add(new Compare(CompareKind.Less), "go", Source.None, i, test.AddConstant("limit", TensorData.Scalar(3))));
        GraphBuilder body = new("body");
        Tensor j = body.AddInput("j", ElementType.Int32, Shape.Scalar);
        body.AddOutput(body.Add(new Binary(BinaryKind.Add), "next", Source.None, j, body.AddConstant("one", TensorData.Scalar(1))));
        GraphBuilder main = new("main");
        Tensor start = main.AddInput("start", ElementType.Int32, Shape.Scalar), end = new("end", ElementType.Int32, Shape.Scalar);
        main.AddNode(new Node(new While(test.Build(), body.Build()), [start], [end]));
        main.AddOutput(end);
        Graph read = TfLiteReader.Read(TfLiteWriter.Write(main.Build()), "loop.tflite");
        While loop = Assert.IsType<While>(Assert.Single(read.Nodes).Operator);
        Assert.Equal("LESS", Assert.Single(loop.Condition.Nodes).Operator.Name);
        Assert.Equal("ADD", Assert.Single(loop.Body.Nodes).Operator.Name);
    }

    [Fact]
    public void OutputsThatNothingComputesAreCopied()
    {
        Tensor x = new("x", ElementType.Float32, [2]), k = new("k", TensorData.Vector(1f, 2f));
        Graph read = TfLiteReader.Read(TfLiteWriter.Write(new Graph("pass", [], [x], [x, k])), "pass.tflite");
        Assert.Equal(2, read.Outputs.Length);
        Assert.All(read.Outputs, output => Assert.IsType<Reshape>(read.Producer(output)?.Operator));
        Assert.Equal(["x", "k"], Assert.Single(read.Signatures).OutputNames);
    }

    [Fact]
    public void StaleMemoryPlansAreNotWritten()
    {
        Graph leaf = Leaf();
        byte[] plan = new byte[(3 + 5) * sizeof(int)];
        Graph graph = new(leaf.Name, leaf.Nodes, leaf.Inputs,
            leaf.Outputs) { Metadata = [("OfflineMemoryAllocation", plan), ("note", plan)] };
        Assert.Equal(["note"], TfLiteReader.Read(TfLiteWriter.Write(graph), "plan.tflite").Metadata.Select(entry => entry.Name));
    }

    [Theory]
    [InlineData("graph")]
    [InlineData("tensor")]
    [InlineData("operator")]
    [InlineData("signature")]
    [InlineData("metadata")]
    [InlineData("variable")]
    public void NamesHaveALimit(string what)
    {
        Assert.NotNull(TfLiteReader.Read(Named(NameLimit.Longest), "long.tflite"));
        ModelFormatException refused =
            Assert.Throws<ModelFormatException>(() => TfLiteReader.Read(Named(NameLimit.Longest + 1), "long.tflite"));
        Assert.Contains("its name has 16385 characters; at most 16384 are possible", refused.Message, StringComparison.Ordinal);
        Assert.True(refused.Message.Length < 500);

        byte[] Named(int length)
        {
            string Name(string of, string other) => what == of ? new('n', length) : other;
            GraphBuilder builder = new(Name("graph", "main"));
            Tensor x = builder.AddInput(Name("tensor", "x"), ElementType.Float32, [1, 4]), y = new("y", ElementType.Float32, [1, 4]),
                handle = new("h", ElementType.Resource, Shape.Scalar);
            builder.AddNode(new Node(new VarHandle("", Name("variable", "v")), [], [handle]));
            builder.AddNode(new Node(new Custom(Name("operator", "Own"), ReadOnlyMemory<byte>.Empty), [x], [y]));
            builder.AddOutput(y);
            Graph graph = builder.Build();
            return TfLiteWriter.Write(new Graph(graph.Name, graph.Nodes, graph.Inputs, graph.Outputs)
            {
                Metadata = [(Name("metadata", "m"), new byte[4])],
                Signatures = [new(Name("signature", "serve"), ["x"], ["y"])],
            });
        }
    }

    /// <summary>Real models with some bytes changed: read, verified, listed and written.</summary>
    [Fact]
    public void DamagedModelsAreSurvived()
    {
        string folder = SharedData.Require("data", "opsuite");
        string[] files =
            [.. Directory.EnumerateFiles(folder, "*.tflite").Order(StringComparer.Ordinal)
            .Where(file => new FileInfo(file).Length < 20_000)];
        Random random = new(7);
        int cases = Full ? 200_000 : 6_000, refused = 0;
        byte[][] contents = Array.ConvertAll(files, File.ReadAllBytes);
        for (int i = 0; i < cases; i++)
        {
            byte[] copy = Mutation.Of(contents[random.Next(contents.Length)], random);
            try
            {
                Graph graph = TfLiteReader.Read(copy, "damaged.tflite");
                Assert.NotNull(GraphListing.Write(graph)); // must not throw either
                Assert.NotEmpty(TfLiteWriter.Write(graph));
            }
            catch (Exception e) when (e is ModelFormatException or UnsupportedModelException or InvalidGraphException)
            {
                refused++;
            }
        }
        Assert.InRange(refused, cases / 100, cases);
    }
}

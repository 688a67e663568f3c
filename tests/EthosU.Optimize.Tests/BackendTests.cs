using EthosU.Graphs;
using EthosU.Interpreter;
using EthosU.Onnx;
using Xunit;

namespace EthosU.Optimize.Tests;

/// <summary>The ONNX project's backend test models (Debian package <c>libonnx-testdata</c>) give the same before and after.</summary>
public sealed class BackendTests
{
    private static readonly string[] Places = [
        Environment.GetEnvironmentVariable("ONNX_BACKEND_TEST_DATA") ?? "",
        "/usr/lib/python3/dist-packages/onnx/backend/test/data", "/usr/include/onnx/backend/test/data", "/usr/share/libonnx-testdata/data"];

    [Theory]
    [InlineData("pytorch-converted", 40)]
    [InlineData("pytorch-operator", 20)]
    [InlineData("simple", 3)]
    [InlineData("node", 400)]
    public void GivesTheSame(string suite, int least)
    {
        string? root = Places.Select(place => Path.Combine(place, suite)).FirstOrDefault(Directory.Exists);
        Assert.SkipWhen(root is null, "the ONNX backend tests are not installed (Debian package libonnx-testdata)");
        int compared = 0;
        List<string> problems = [];
        foreach (string folder in Directory.EnumerateDirectories(root!).Order(StringComparer.Ordinal))
        {
            if (TryImport(Path.Combine(folder, "model.onnx")) is not { } graph)
                continue;
            compared++;
            try
            {
                TensorData[] inputs = Numbers.RandomInputs(graph, 1);
                TensorData[] want = new GraphInterpreter(graph).Run(inputs);
                foreach (DataLayout layout in Enum.GetValues<DataLayout>())
                {
                    OptimizeOptions options = new() { InputLayout = layout, OutputLayout = layout, Verify = true };
                    OptimizeResult optimized = GraphOptimizer.Optimize(graph, options);
                    Numbers.AssertClose(want, Numbers.Run(optimized, inputs), 1e-4f);
                    Assert.Equal(graph.Inputs.Select(t => t.Name), optimized.Graph.Inputs.Select(t => t.Name));
                    Assert.Equal(graph.Outputs.Select(t => t.Name), optimized.Graph.Outputs.Select(t => t.Name));
                }
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                problems.Add($"{Path.GetFileName(folder)}: {e.GetType().Name} {e.Message}\n{e.StackTrace}\n{graph}");
            }
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{suite}: {compared} models compared");
        Assert.True(problems.Count == 0, $"{problems.Count} of {compared} differ:\n{string.Join('\n', problems.Take(10))}");
        Assert.True(compared >= least, $"only {compared} models could be compared");
    }

    /// <summary>Null for models that the importer refuses or the interpreter cannot run: those are other tests' business.</summary>
    private static Graph? TryImport(string path)
    {
        try
        {
            Graph graph = OnnxReader.Read(path).Graph;
            _ = new GraphInterpreter(graph);
            return graph.Inputs.All(input => input.Type.HasFixedSize()) ? graph : null;
        }
        catch (Exception e) when (e is UnsupportedModelException or ModelFormatException)
        {
            return null;
        }
    }
}

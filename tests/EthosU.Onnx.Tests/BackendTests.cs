using EthosU.Graphs;
using EthosU.Import;
using EthosU.Interpreter;
using EthosU.Onnx.Proto;
using EthosU.TfLite;
using Xunit;

namespace EthosU.Onnx.Tests;

/// <summary>
/// The ONNX project's own backend tests (Debian package <c>libonnx-testdata</c>): imported, run, compared. What is left out
/// stands in <c>Data/backend-left-out.txt</c>, with the reason.
/// </summary>
public sealed class BackendTests
{
    internal static readonly string[] Places = [
        Environment.GetEnvironmentVariable("ONNX_BACKEND_TEST_DATA") ?? "",
        "/usr/lib/python3/dist-packages/onnx/backend/test/data", "/usr/include/onnx/backend/test/data", "/usr/share/libonnx-testdata/data"];

    [Theory]
    [InlineData("pytorch-converted", 0.95)]
    [InlineData("pytorch-operator", 0.95)]
    [InlineData("simple", 0.9)]
    [InlineData("node", 0.7)]
    public void SuitePasses(string suite, double least)
    {
        string? root = Places.Select(place => Path.Combine(place, suite)).FirstOrDefault(Directory.Exists);
        Assert.SkipWhen(root is null, "the ONNX backend tests are not installed (Debian package libonnx-testdata)");
        Dictionary<string, string> leftOut = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Data", "backend-left-out.txt"))
            .Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .ToDictionary(p => p[0], p => p[1]);
        int passed = 0, total = 0, aside = 0;
        List<string> unexpected = [], stale = [];
        foreach (string folder in Directory.EnumerateDirectories(root!).Order(StringComparer.Ordinal))
        {
            string name = $"{suite}/{Path.GetFileName(folder)}";
            string? problem = Problem(Path.Combine(folder, "model.onnx"), folder);
            if (problem?.Contains("depends on the data", StringComparison.Ordinal) == true)
                problem = WithFrozenInputs(folder);
            if (leftOut.TryGetValue(name, out string? reason))
            {
                if (problem is null)
                    stale.Add(name);
                if (reason.StartsWith("aside", StringComparison.Ordinal))
                {
                    aside++;
                    continue;
                }
            }
            else if (problem is not null)
            {
                unexpected.Add($"{name} | {problem}");
            }
            total++;
            passed += problem is null ? 1 : 0;
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{suite}: {passed} of {total} pass, {aside} set aside");
        string passing = stale.Count == 0 ? "" : "\nthese pass, take them off the list: " + string.Join(", ", stale);
        Assert.True(unexpected.Count + stale.Count == 0, string.Join('\n', unexpected) + passing);
        Assert.True(passed >= least * total, $"only {passed} of {total} pass");
    }

    /// <summary>
    /// The cases pass sizes, axes and indices as inputs; in exported models they are constants. All inputs but the first become so.
    /// </summary>
    private static string? WithFrozenInputs(string folder)
    {
        ModelProto model = OnnxReader.Parse(Path.Combine(folder, "model.onnx"));
        for (int i = model.Graph.Input.Count - 1; i >= (model.Graph.Input.Count == 1 ? 0 : 1); i--)
        {
            TensorProto value = TensorProto.Parser.ParseFrom(File.ReadAllBytes(Path.Combine(folder, "test_data_set_0", $"input_{i}.pb")));
            value.Name = model.Graph.Input[i].Name;
            model.Graph.Initializer.Add(value);
            model.Graph.Input.RemoveAt(i);
        }
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, Google.Protobuf.MessageExtensions.ToByteArray(model));
            return Problem(path, folder);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static string? Problem(string path, string folder)
    {
        Graph graph;
        try
        {
            graph = OnnxReader.Read(path).Graph;
        }
        catch (UnsupportedModelException e)
        {
            return $"refused: {e.Findings[0].Operator}: {e.Findings[0].Reason}";
        }
        catch (ModelFormatException e)
        {
            return $"format: {e.Expected}";
        }
        catch (UnsupportedOperatorException e)
        {
            return $"refused: {e.Message}";
        }
        Graph reread;
        try
        {
            reread = TfLiteReader.Read(TfLiteWriter.Write(graph), "written.tflite");
        }
        catch (Exception e) when (e is UnsupportedModelException or InvalidGraphException or ModelFormatException)
        {
            return $"write: {e.Message.ReplaceLineEndings(" ")}";
        }
        if (Listing(graph) is var listing && Listing(reread) is var second && listing != second
            && !graph.Outputs.Any(output => graph.Producer(output) is null))
            return $"written and read again it lists differently:\n{listing}\n{second}";
        TensorLoader loader = new(Path.Combine(folder, "x"));
        foreach (string set in Directory.EnumerateDirectories(folder, "test_data_set_*"))
        {
            try
            {
                Dictionary<string, TensorData> given = [];
                TensorData[] all =
                    [.. Enumerable.Range(0, 100).Select(i => Path.Combine(set, $"input_{i}.pb")).TakeWhile(File.Exists)
                    .Select(p => Load(loader, p))];
                string[] names = [.. OnnxReader.Parse(Path.Combine(folder, "model.onnx")).Graph.Input.Select(i => i.Name)];
                for (int i = 0; i < all.Length; i++)
                    given[names[i]] = all[i];
                TensorData[] inputs = [.. graph.Inputs.Select(input => given[input.Name].Reshape(input.Shape))];
                TensorData[] actual = new GraphInterpreter(graph).Run(inputs), again = new GraphInterpreter(reread).Run(inputs);
                for (int i = 0; i < actual.Length; i++)
                    if (!actual[i].Bytes.Span.SequenceEqual(again[i].Bytes.Span))
                        return $"written and read again, output {i} differs";
                for (int i = 0; i < actual.Length; i++)
                    if (Difference(Load(loader, Path.Combine(set, $"output_{i}.pb")), actual[i]) is { } difference)
                        return difference;
            }
            catch (Exception e)
                when (e is UnsupportedModelException or ArgumentException or InvalidOperationException or KeyNotFoundException)
            {
                return $"run: {e.Message.ReplaceLineEndings(" ")}";
            }
        }
        return null;
    }

    /// <summary>The listing without what a .tflite file does not hold: where nodes come from.</summary>
    private static string Listing(Graph graph) =>
        GraphListing.Write(
        new Graph("", [.. graph.Nodes.Select(node => new Node(node.Operator, node.Inputs, node.Outputs))], graph.Inputs, graph.Outputs));

    private static TensorData Load(TensorLoader loader, string path) =>
        loader.Load(TensorProto.Parser.ParseFrom(File.ReadAllBytes(path)), "data");

    private static string? Difference(TensorData expected, TensorData actual)
    {
        if (expected.Shape != actual.Shape && !(expected.Shape.ElementCount == 1 && actual.Shape.ElementCount == 1))
            return $"shape {actual.Shape} instead of {expected.Shape}";
        float[] want = expected.ToFloatArray(), got = actual.ToFloatArray();
        for (int i = 0; i < want.Length; i++)
        {
            bool same = want[i] == got[i] || (float.IsNaN(want[i]) && float.IsNaN(got[i]))
                || Math.Abs(want[i] - got[i]) <= 1e-5f + (1e-3f * Math.Abs(want[i]));
            if (!same)
                return $"element {i} is {got[i]} instead of {want[i]}";
        }
        return null;
    }
}

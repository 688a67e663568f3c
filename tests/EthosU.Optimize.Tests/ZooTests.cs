using EthosU.Graphs;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Xunit;

namespace EthosU.Optimize.Tests;

/// <summary>The zoo's networks, optimized, still give the same numbers.</summary>
public sealed class ZooTests
{
    private static readonly OptimizeOptions Checked = new() { Verify = true };

    public static TheoryData<string> Models => Zoo.Models;

    [Theory]
    [MemberData(nameof(Models))]
    public void GivesTheSameAsTheImportAndOnnxRuntime(string name)
    {
        Graph graph = Zoo.Import(name);
        OptimizeResult optimized = GraphOptimizer.Optimize(graph, Checked);
        if (Environment.GetEnvironmentVariable("ETHOSU_DUMP") is { } folder)
        {
            File.WriteAllText(Path.Combine(folder, $"{name}.before.txt"), graph.ToString());
            File.WriteAllText(Path.Combine(folder, $"{name}.after.txt"), optimized.Graph.ToString());
        }
        for (int seed = 0; seed < 2; seed++)
        {
            TensorData[] inputs = Numbers.RandomInputs(graph, seed);
            Numbers.AssertSame(graph, optimized, inputs);
            using InferenceSession session = new(Zoo.PathOf(name));
            using var expected = session.Run([NamedOnnxValue.CreateFromTensor(graph.Inputs[0].Name,
                new DenseTensor<float>(inputs[0].ToFloatArray().AsMemory(), [.. inputs[0].Shape]))]);
            TensorData want = TensorData.From<float>(graph.Outputs[0].Shape, [.. expected[0].AsEnumerable<float>()]);
            Numbers.AssertClose([want], Numbers.Run(optimized, inputs), 1e-4f);
        }
    }
}

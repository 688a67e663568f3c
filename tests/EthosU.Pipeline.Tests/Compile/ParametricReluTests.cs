using EthosU.Graphs;
using Xunit;

namespace EthosU.Pipeline.Tests.Compile;

/// <summary>PRELU with a slope for each channel has the interpreter's bytes, and no operand that repeats.</summary>
public sealed class ParametricReluTests
{
    [Theory]
    [InlineData(0, 100, 0.004f, 0.05f, -9)] // of one quantization, below 1
    [InlineData(0, 127, 0.02f, 0.05f, -9)] // above 1
    [InlineData(0, 127, 0.004f, 0.031f, 4)]
    [InlineData(-127, 128, 0.004f, 0.031f, 4)] // of either sign
    [InlineData(-127, 128, 0.03f, 0.05f, -9)]
    public void Slopes_by_channel_are_exact(int low, int high, float slopeScale, float resultScale, int resultZero)
    {
        Random random = new(4);
        foreach (int[] sizes in (int[][])[[1, 5, 6, 20], [2, 5, 6, 3], [4, 7], [1, 1, 1, 33]])
            foreach (string accelerator in (string[])["ethos-u55-128", "ethos-u65-256"])
            {
                GraphBuilder builder = new("prelu");
                Tensor x = builder.AddInput("x", ElementType.Int8, new([.. sizes]), Quantization.PerTensor(0.05f, -9));
                sbyte[] slopes = [.. Enumerable.Range(0, sizes[^1]).Select(_ => (sbyte)random.Next(low, high))];
                Tensor alpha = new("alpha", TensorData.From<sbyte>([1, 1, sizes[^1]], slopes), Quantization.PerTensor(slopeScale, 0));
                if (sizes.Length < 3)
                    alpha = new("alpha", TensorData.From<sbyte>([sizes[^1]], slopes), Quantization.PerTensor(slopeScale, 0));
                Tensor y = new("y", ElementType.Int8, x.Shape, Quantization.PerTensor(resultScale, resultZero));
                builder.AddNode(new(new PRelu(), [x, alpha], [y]));
                builder.AddOutput(y);
                Graph graph = builder.Build();
                CompileCheck check = CompileCheck.AgainstInterpreter(graph, new(CompileCheck.Target(accelerator, "Shared_Sram")),
                    CompileCheck.Extremes(graph, 3, seed: 2));
                Assert.Equal(0, check.DifferingBytes);
                Assert.Empty(check.Violations.Take(3));
                Assert.DoesNotContain(check.Result.Operations, static operation => operation.Kind == "Mul");
            }
    }
}

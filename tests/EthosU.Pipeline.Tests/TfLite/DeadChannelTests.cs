using EthosU.Graphs;
using EthosU.Pipeline.Tests.Compile;
using Xunit;

namespace EthosU.Pipeline.Tests.TfLite;

/// <summary>
/// A channel whose weights are all zero has a scale that is no normal number, or 0: it gives its zero point, on the NPU as in the
/// interpreter.
/// </summary>
public sealed class DeadChannelTests
{
    [Theory]
    [InlineData(1e-40f)]
    [InlineData(1e-30f)]
    [InlineData(0)]
    public void A_dead_channel_runs_on_the_npu(float scale)
    {
        GraphBuilder builder = new("dead");
        Tensor x = builder.AddInput("x", ElementType.Int8, [1, 4, 4, 8], Quantization.PerTensor(0.05f, 3));
        sbyte[] weights = [.. Enumerable.Range(0, 16).Select(i => (sbyte)(i < 8 ? i - 4 : 0))];
        Tensor w = builder
            .AddConstant("w", TensorData.From<sbyte>([2, 1, 1, 8], weights), Quantization.PerAxisSymmetric([0.01f, scale], 0));
        Tensor bias = builder.AddConstant("b", TensorData.Vector<int>(100, 100));
        Tensor y = new("y", ElementType.Int8, [1, 4, 4, 2], Quantization.PerTensor(0.02f, -5));
        builder.AddNode(new(new Conv2D(Padding.Valid, 1, 1), [x, w, bias], [y]));
        builder.AddOutput(y);
        CompileCheck check = CompileCheck.AgainstInterpreter(builder.Build(), CompileCheck.Target("ethos-u55-128", "Shared_Sram"), 3, 1);
        Assert.Equal(0, check.DifferingBytes);
        Assert.True(check.Result.RunsEntirelyOnNpu, string.Join('\n', check.Result.Findings));
    }
}

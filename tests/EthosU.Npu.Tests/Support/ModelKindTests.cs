using EthosU.Graphs;
using EthosU.Npu.Support;
using EthosU.Npu.Targets;
using Xunit;

namespace EthosU.Npu.Tests.Support;

/// <summary>A model that is not quantized gets one finding, which names its kind.</summary>
public sealed class ModelKindTests
{
    private static readonly Target Target = TargetCatalog.Standard.Resolve("ethos-u55-128", "Ethos_U55_High_End_Embedded", "Shared_Sram");

    private static Graph Layers(Tensor weights, bool dequantize)
    {
        GraphBuilder builder = new();
        Tensor x = builder.AddInput("x", ElementType.Float32, [1, 4]), w = weights;
        if (dequantize)
            w = builder.AddConversion(new Dequantize(), "real", ElementType.Float32, null, Source.None, weights);
        for (int i = 0; i < 3; i++)
            x = builder.Add(new Unary(UnaryKind.Relu), $"relu{i}", Source.None,
                builder.Add(new FullyConnected(), $"fc{i}", Source.None, x, w, null));
        builder.AddOutput(x);
        return builder.Build();
    }

    [Theory]
    [InlineData(ElementType.Float32, false, "This is a float32 model")]
    [InlineData(ElementType.Float16, true, "This is a float16 model")]
    [InlineData(ElementType.Int8, false, "Only the weights")]
    [InlineData(ElementType.Int8, true, "Only the weights")]
    public void One_finding_names_the_kind(ElementType type, bool dequantize, string start)
    {
        Tensor weights =
            new("w", new TensorData(type, [4, 4], new byte[16 * type.ByteSize()]), type == ElementType.Int8 ? Quantization.PerTensor(1, 0)
            : null);
        SupportReport report = SupportChecker.Check(Layers(weights, dequantize), Target);
        Finding finding = Assert.Single(report.Findings);
        Assert.Equal("npu-float-model", finding.RuleId);
        Assert.StartsWith(start, finding.Reason, StringComparison.Ordinal);
        Assert.All(report.Placements.Values, placement => Assert.Equal(Placement.Cpu, placement));
    }
}

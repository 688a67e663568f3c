using EthosU.Graphs;
using EthosU.LanguageServer.Analysis;
using Xunit;

namespace EthosU.LanguageServer.Tests;

public class ModuleBlocksTests
{
    [Theory]
    [InlineData("/features/features.1/conv/Conv", "features.1.conv")]
    [InlineData("/f/f.2/body/body.0/body.0.0/Conv", "f.2.body.0.0")]
    [InlineData("/Add", "")]
    [InlineData("/Relu_1_output_0", "")]
    [InlineData("/pool1/MaxPool_output_0/MAX_POOL_2D", "pool1")]
    [InlineData("/f/f.0/f.0.0/Conv_output_0/CONV_2D", "f.0.0")]
    [InlineData("MobilenetV2/expanded_conv_1/project/Conv2D;MobilenetV2/expanded_conv_1/project/BiasAdd",
        "MobilenetV2.expanded_conv_1.project")]
    [InlineData("onnx::Conv_54", "")]
    public void Blocks_are_the_modules_around_an_operator(string name, string blocks) =>
    Assert.Equal(blocks, string.Join('.', ModuleBlocks.Of(name, Source.None)));

    [Fact]
    public void The_name_in_the_source_counts_before_that_of_the_result_and_a_recorded_module_where_names_are_no_paths()
    {
        Assert.Equal(["stem", "conv"], ModuleBlocks.Of("x", new Source { NodeName = "/stem/conv/Conv" }));
        Assert.Equal(["layer1", "0"], ModuleBlocks.Of("node_Conv_5", new Source { NodeName = "node_Conv_5", Module = "layer1.0" }));
        Assert.Equal(["layer1", "0"], ModuleBlocks.Of("gru/step_2", new Source { NodeName = "gru", Module = "layer1.0" }));
        Assert.Empty(ModuleBlocks.Of("node_Conv_5", new Source { NodeName = "node_Conv_5" }));
    }
}

using EthosU.Graphs;
using EthosU.Npu.Commands;
using Xunit;

namespace EthosU.Npu.Tests.Commands;

public sealed class EthosUNodeTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Operands_of_texts_are_refused(int operand)
    {
        Tensor[] inputs = [.. Enumerable.Range(0, 5).Select(i => new Tensor(
            $"t{i}", i == operand ? ElementType.String : ElementType.UInt8, [16]))];
        Node node = new(new Custom(EthosUNode.CustomCode, EthosUNode.Options), [.. inputs], [new Tensor("y", ElementType.Int8, [16])]);
        ModelFormatException error = Assert.Throws<ModelFormatException>(() => EthosUNode.Of(node, "model.tflite"));
        Assert.Contains($"'t{operand}' holds string", error.Message, StringComparison.Ordinal);
    }
}
